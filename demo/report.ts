// What the demonstration shows at its end: what, how much, how long, and whether it is all there again.
import type { Snapshot } from './compare.js';
import { count, megabytes, seconds, table } from './table.js';

export interface Outcome {
  before: Snapshot;
  backupSeconds: number;
  backup: { id: string; bytes: number };
  restoreSeconds: number;
  downtimeMs: number;
  differences: string[];
}

const SHOWN = 20;

export const report = (outcome: Outcome): string => {
  const { before, differences } = outcome;
  const rows = [...before.database.rows.values()].reduce((sum, each) => sum + each, 0);
  const figures = table(
    ['what', 'how much', 'how long'],
    [
      ['database', `${megabytes(before.database.bytes)}, ${count(rows)} rows`, ''],
      ['', `${before.database.largeObjects} large objects`, ''],
      ['files', `${megabytes(before.files.bytes)}, ${count(before.files.entries.size)} entries`, ''],
      ['backup', megabytes(outcome.backup.bytes), seconds(outcome.backupSeconds)],
      ['restore', 'database and files', seconds(outcome.restoreSeconds)],
      ['downtime', '', seconds(outcome.downtimeMs / 1000)],
    ],
  );
  return [figures, '', ...(differences.length === 0 ? IDENTICAL : different(differences))].join('\n');
};

const IDENTICAL = [
  'Identical: the rows of every table, the plain-text dump, and every file with its mode, owner, time and',
  'links. Database and files were destroyed, and are back.',
];

const different = (differences: readonly string[]): string[] => [
  ...differences.slice(0, SHOWN).map((difference) => `different: ${difference}`),
  ...(differences.length > SHOWN ? [`… and ${differences.length - SHOWN} more differences`] : []),
];
