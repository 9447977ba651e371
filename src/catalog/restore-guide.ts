// RESTORE.md: how to restore a backup by hand, with stock tools and the very commands.
import type { Manifest, StoredArtifact } from '../domain/manifest.js';

export const restoreGuide = (manifest: Manifest): string => {
  const lines = [
    `# Restoring ${manifest.deployment}, ${manifest.id}, by hand`,
    '',
    'Needed: zstd, GNU tar, sha256sum, and the PostgreSQL client programs of the target server’s major version.',
    'Run the commands in this folder. Restore beside what is live, look at it, and only then put it in place.',
    '',
    '## Are the files intact?',
    '',
    '```sh',
    "sha256sum --check <<'SUMS'",
    ...manifest.artifacts.map((artifact) => `${artifact.sha256}  ${artifact.name}`),
    'SUMS',
    '```',
    ...manifest.artifacts.flatMap((artifact) => section(artifact, manifest)),
  ];
  return `${lines.join('\n')}\n`;
};

const section = (artifact: StoredArtifact, manifest: Manifest): string[] => {
  switch (artifact.kind) {
    case 'globals':
      return globals(artifact);
    case 'database':
      return database(artifact, manifest);
    case 'files':
      return files(artifact, manifest);
    default:
      return artifact.kind satisfies never;
  }
};

const globals = (artifact: StoredArtifact): string[] => [
  '',
  '## Roles (without passwords)',
  '',
  'Only on a server that lacks them; set passwords afterwards. Roles that are there already give an error and stay.',
  '',
  '```sh',
  `zstd -dc ${artifact.name} | psql --dbname=postgres`,
  '```',
];

const database = (artifact: StoredArtifact, manifest: Manifest): string[] => {
  const facts = manifest.databases.find(({ name }) => name === artifact.source);
  if (facts === undefined) return [];
  const target = shellQuote(`${facts.database}_restored`.slice(0, 63));
  return [
    '',
    `## Database ${facts.name} (${facts.database}, from PostgreSQL ${Math.floor(facts.serverVersion / 10000)})`,
    '',
    '```sh',
    `createdb --template=template0 --encoding=${shellQuote(facts.encoding)} --lc-collate=${shellQuote(facts.collate)} --lc-ctype=${shellQuote(facts.ctype)} ${target}`,
    `zstd -dc ${artifact.name} | PGDATABASE=${target} pg_restore --exit-on-error --no-subscriptions --dbname=`,
    '```',
  ];
};

const files = (artifact: StoredArtifact, manifest: Manifest): string[] => {
  const tree = manifest.trees.find(({ name }) => name === artifact.source);
  if (tree === undefined) return [];
  const folder = shellQuote(`${tree.path}.restored`);
  return [
    '',
    `## Files ${tree.name} (was ${tree.path})`,
    '',
    'As root, so that owners come back. The folder must be new and empty.',
    '',
    '```sh',
    `mkdir -p -m 0700 ${folder}`,
    `zstd -dc ${artifact.name} | tar --extract --file=- --directory=${folder} --preserve-permissions --numeric-owner --acls --xattrs --xattrs-include='*'`,
    '```',
  ];
};

const shellQuote = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
