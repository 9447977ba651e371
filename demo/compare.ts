// Before and after, told apart: every difference in a sentence, none when they are identical.
import type { DatabaseSnapshot } from './database-snapshot.js';
import type { TreeSnapshot } from './tree-snapshot.js';

export interface Snapshot {
  database: DatabaseSnapshot;
  files: TreeSnapshot;
}

export const differences = (before: Snapshot, after: Snapshot): string[] => [
  ...mapDifferences('rows of', before.database.rows, after.database.rows),
  ...valueDifferences('large objects', before.database.largeObjects, after.database.largeObjects),
  ...valueDifferences('the plain-text dump', before.database.dump, after.database.dump),
  ...mapDifferences('file', before.files.entries, after.files.entries),
];

const valueDifferences = (what: string, before: unknown, after: unknown): string[] =>
  before === after ? [] : [`${what}: ${before} before, ${after} after`];

const mapDifferences = <Value>(
  what: string,
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    valueDifferences(`${what} ${JSON.stringify(key)}`, before.get(key) ?? 'none', after.get(key) ?? 'none'),
  );
