// A manifest in readable form.
import type { CatalogEntry } from '../../catalog/catalog.js';
import type { Proof } from '../../catalog/proof.js';
import { signerInWords } from '../../catalog/signed-manifest.js';
import type { DatabaseFacts, Manifest, StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import { shortRecipients } from '../../domain/recipients.js';
import type { Signer } from '../../domain/signature.js';
import { durationOf, rowsOf } from './backup-facts.js';
import { countOf, formatBytes, formatDuration, formatTime } from './format.js';
import type { Paint } from './paint.js';
import { table } from './table.js';

/** What is where (see CatalogEntry), who has signed it, and how it was proved; null: the log cannot be read. */
export type Places = Pick<CatalogEntry, 'repositories' | 'damaged' | 'unknown'> & {
  signer: Signer;
  proved: Proof | null;
};

export const showLines = (manifest: Manifest, places: Places, paint: Paint): string[] => [
  paint('bold', `${manifest.deployment} ${manifest.id}`),
  ...facts(overview(manifest, places)),
  ...manifest.databases.flatMap((database) => [
    '',
    paint('bold', `database ${database.name}`),
    ...facts(databaseFacts(database)),
  ]),
  ...manifest.trees.flatMap((tree) => ['', paint('bold', `files ${tree.name}`), ...facts(treeFacts(tree))]),
  '',
  paint('bold', 'artifacts'),
  ...artifactLines(manifest.artifacts),
  '',
  'RESTORE.md beside them holds the commands that restore it by hand.',
];

type Fact = [name: string, value: string];

const facts = (known: Fact[]): string[] => {
  const shown = known.filter(([, value]) => value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
};

const overview = (manifest: Manifest, { repositories, damaged, unknown, signer, proved }: Places): Fact[] => [
  ['type', manifest.type],
  ['tiers', manifest.tiers.join(', ')],
  ['started', formatTime(manifest.startedAt)],
  ['took', formatDuration(durationOf(manifest))],
  ['consistency', consistency(manifest)],
  ['services paused', manifest.pausedMs > 0 ? formatDuration(manifest.pausedMs) : ''],
  ['repositories', repositories.join(', ')],
  ['damaged in', damaged.map(({ repository, problem }) => `${repository}: ${problem}`).join('; ')],
  ['no answer from', unknown.join(', ')],
  ['encrypted to', shortRecipients(manifest.recipients)],
  ['signed', signerInWords(signer).replace(/^signed /, '')],
  ['proved', provedWords(proved)],
  ['made by', `holdfast ${manifest.holdfastVersion}, instance ${manifest.instance}`],
  ['run', `${manifest.workflow.id} ${manifest.workflow.runId}`],
];

const provedWords = (proved: Proof | null): string => {
  if (proved === null) return '';
  return proved.how === 'none' ? 'not yet' : `${proved.how}, ${formatTime(proved.at)}, by ${proved.by}`;
};

const consistency = ({ consistency: kind, gapMs }: Manifest): string => {
  if (kind === 'same-moment') return 'same moment: services were quiet';
  return gapMs === 0 ? 'one moment' : `live, with a gap of ${formatDuration(gapMs)}`;
};

const databaseFacts = (database: DatabaseFacts): Fact[] => [
  ['name', database.database],
  ['size', formatBytes(database.bytes)],
  ['snapshot', formatTime(database.snapshotAt)],
  ['contents', contents(database)],
  ['server', `PostgreSQL ${serverVersion(database.serverVersion)}`],
  ['encoding', `${database.encoding}, collate ${database.collate}, ctype ${database.ctype}`],
  ['locale provider', [database.localeProvider, database.locale ?? ''].join(' ').trim()],
  ['extensions', database.extensions.map(({ name, version }) => `${name} ${version}`).join(', ')],
  ['owner', database.properties.owner],
  ['roles', database.roles.join(', ')],
  ['settings', database.properties.settings.map(({ name, value }) => `${name}=${value}`).join(', ')],
  ['comment', database.properties.comment ?? ''],
];

const contents = (database: DatabaseFacts): string =>
  [
    countOf(rowsOf(database), 'row'),
    `in ${countOf(database.tables.length, 'table')}`,
    ...(database.largeObjects > 0 ? [`and ${countOf(database.largeObjects, 'large object')}`] : []),
  ].join(' ');

/** 150012 is 15.12. */
const serverVersion = (number: number): string => `${Math.floor(number / 10_000)}.${number % 10_000}`;

const treeFacts = (tree: TreeFacts): Fact[] => [
  ['path', tree.path],
  ['contents', `${countOf(tree.files, 'file')}, ${formatBytes(tree.bytes)}, ${tree.entries} entries`],
  ['scanned', `${formatTime(tree.scanStartedAt)} to ${formatTime(tree.scanEndedAt)}`],
  ['digest', tree.digest],
  ['changed while read', tree.changed.join(', ')],
  ['vanished while read', tree.vanished.join(', ')],
];

/** Where the repository deduplicates, what an artifact added to it says more than its size. */
const artifactLines = (artifacts: readonly StoredArtifact[]): string[] => {
  const deduplicated = artifacts.some(({ added }) => added !== undefined);
  return table(
    [
      { title: 'NAME' },
      { title: 'STORED', align: 'right' },
      { title: 'RAW', align: 'right' },
      ...(deduplicated ? [{ title: 'ADDED', align: 'right' as const }] : []),
      { title: 'SHA-256' },
    ],
    artifacts.map(({ name, bytes, rawBytes, sha256, added }) => [
      name,
      formatBytes(bytes),
      rawBytes === null ? '' : formatBytes(rawBytes),
      ...(deduplicated ? [added === undefined ? '' : formatBytes(added)] : []),
      sha256,
    ]),
  ).map((line) => `  ${line}`);
};
