// RESTORE.md: how to restore a backup by hand, with stock tools and the very commands.
import type { RepositorySettings } from '../config/config.js';
import type { ResticSettings } from '../config/schema-restic.js';
import {
  type DatabaseFacts,
  isEncrypted,
  type Manifest,
  type StoredArtifact,
  type TreeFacts,
} from '../domain/manifest.js';
import { fetchCommands } from './restic-commands.js';
import {
  checkCommands,
  databaseCommands,
  globalsCommands,
  keyCommands,
  secretsCommand,
  treeCommands,
} from './restore-commands.js';

/** @param stored where the backup was made: out of a restic repository the files are fetched first */
export const restoreGuide = (manifest: Manifest, stored?: RepositorySettings): string => {
  const { artifacts, databases, trees } = manifest;
  const of = (kind: StoredArtifact['kind'], source = '') =>
    artifacts.filter((artifact) => artifact.kind === kind && artifact.source === source);
  const lines = [
    ...introduction(manifest),
    ...(stored?.kind === 'restic' ? fetchSection(manifest, stored) : []),
    ...section('Are the files intact?', [], checkCommands(artifacts)),
    ...keySection(manifest),
    ...of('globals').flatMap(globalsSection),
    ...databases.flatMap((facts) => of('database', facts.name).flatMap((one) => databaseSection(one, facts))),
    ...trees.flatMap((tree) => treeSection(of('files', tree.name), tree)),
    ...of('secrets').flatMap(secretsSection),
    '## Put it in place',
    '',
    'Compare first: manifest.json says how many rows each table had, and how many files and bytes each tree. Then stop the',
    'application, rename the live databases and folders away, give the restored ones their names, and start it again.',
  ];
  return `${lines.join('\n')}\n`;
};

const introduction = ({ deployment, id, artifacts }: Manifest): string[] => [
  `# Restoring ${deployment}, ${id}, by hand`,
  '',
  `Needed: ${artifacts.some(isEncrypted) ? 'age, ' : ''}zstd, GNU tar, sha256sum, and the PostgreSQL client programs (psql, createdb, pg_restore) of the target server’s`,
  'major version. PGHOST, PGPORT, PGUSER and PGPASSWORD say which server; the user must be a superuser.',
  '',
  'Run the commands in this folder, block by block, in sh. Everything is restored beside what is live.',
  '',
];

const fetchSection = (manifest: Manifest, settings: ResticSettings): string[] =>
  section(
    'Fetch the files',
    [
      'They lie in a restic repository. Set RESTIC_PASSWORD_FILE to a file with its password, and what its storage needs:' +
        ` ${Object.keys(settings.environment).join(', ') || 'nothing'}. A copy of this backup in another repository lies there as files.`,
    ],
    fetchCommands(manifest, settings.repository),
  );

const keySection = ({ artifacts, recipients }: Manifest): string[] => {
  const encrypted = artifacts.filter(isEncrypted);
  if (encrypted.length === 0) return [];
  const what =
    encrypted.length === artifacts.length
      ? 'They are'
      : `Of them, ${encrypted.map(({ name }) => name).join(', ')}:`;
  return section(
    'Does the key open them?',
    [
      `${what} encrypted with age, to the public keys below. Set IDENTITY to a file with the secret half of one of them: what` +
        ' age-keygen made, or an SSH key. Keep that file to yourself (chmod 600), and do not leave it on this machine.',
      recipients.map((recipient) => `    ${onOneLine(recipient)}`).join('\n'),
    ],
    keyCommands(encrypted),
  );
};

const section = (title: string, words: readonly string[], commands: readonly string[]): string[] => [
  `## ${onOneLine(title)}`,
  '',
  ...words.flatMap((paragraph) => [paragraph, '']),
  '```sh',
  ...commands,
  '```',
  '',
];

const globalsSection = (artifact: StoredArtifact): string[] =>
  section(
    'Roles and tablespaces (without passwords)',
    [
      'Only on a server that lacks them: of a role that is there already, the attributes are set to those of the backup.' +
        ' An error “already exists” does no harm. Set passwords afterwards.',
    ],
    globalsCommands(artifact),
  );

const databaseSection = (artifact: StoredArtifact, facts: DatabaseFacts): string[] => {
  const { name, database, serverVersion, extensions } = facts;
  const others = extensions.filter((extension) => extension.name !== 'plpgsql');
  return section(
    `Database ${name} (${database}, from PostgreSQL ${Math.floor(serverVersion / 10000)})`,
    others.length === 0
      ? []
      : [
          `The server must have these extensions: ${others.map((one) => `${one.name} ${one.version}`).join(', ')}.`,
        ],
    databaseCommands(artifact, facts),
  );
};

const treeSection = (artifacts: readonly StoredArtifact[], tree: TreeFacts): string[] =>
  artifacts.length === 0
    ? []
    : section(
        `Files ${tree.name} (${tree.path})`,
        ['As root, so that owners come back.'],
        treeCommands(artifacts, tree),
      );

const secretsSection = (artifact: StoredArtifact): string[] =>
  section(
    'Secrets',
    ['What the references in holdfast.yaml stood for, as JSON. It is shown, and written nowhere.'],
    [secretsCommand(artifact)],
  );

const onOneLine = (text: string): string => text.replace(/\p{Cc}/gu, '?');
