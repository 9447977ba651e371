// The commands of RESTORE.md: plain sh, whatever the databases and folders are called.
import { propertyStatements } from '../database/properties.js';
import { type DatabaseFacts, isEncrypted, type StoredArtifact, type TreeFacts } from '../domain/manifest.js';

export const checkCommands = (artifacts: readonly StoredArtifact[]): string[] => [
  "sha256sum --check <<'SUMS'",
  ...artifacts.map(({ sha256, name }) => `${sha256}  ${name}`),
  'SUMS',
];

/** Roles that are there already give an error each, and psql goes on. */
export const globalsCommands = (artifact: StoredArtifact): string[] => [
  `${contentsOf(artifact)} | psql --no-psqlrc --quiet --dbname=postgres`,
];

/** A name is never taken for a connection string: createdb takes it as it is, and PGDATABASE is no such string. */
export const databaseCommands = (artifact: StoredArtifact, facts: DatabaseFacts): string[] => {
  const restored = restoredDatabase(facts.database);
  const target = shellQuote(restored);
  return [
    `createdb --maintenance-db=postgres --template=template0 ${localeOptions(facts).join(' ')} -- ${target}`,
    `${contentsOf(artifact)} | PGDATABASE=${target} pg_restore --exit-on-error --no-subscriptions --dbname=`,
    `PGDATABASE=${target} psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'`,
    'ANALYZE;',
    ...propertyStatements(restored, facts.properties).map((statement) => `${statement};`),
    'SQL',
  ];
};

/** The folder must not be there yet: tar would follow links that lie in it. */
export const treeCommands = (artifacts: readonly StoredArtifact[], { path }: TreeFacts): string[] => {
  const folder = shellQuote(`${path}.restored`);
  const parent = path.slice(0, path.lastIndexOf('/'));
  return [
    ...(parent === '' ? [] : [`mkdir -p ${shellQuote(parent)}`]),
    `mkdir -m 0700 ${folder}`,
    ...artifacts.map(
      (artifact) =>
        `${contentsOf(artifact)} | tar --extract --file=- --directory=${folder} --preserve-permissions --numeric-owner --acls --xattrs --xattrs-include='*'`,
    ),
  ];
};

/** What a deduplicating repository stores is not compressed once more. */
const contentsOf = (artifact: StoredArtifact): string => {
  const { name, transforms } = artifact;
  const unpacked = transforms.includes('zstd') ? 'zstd -dc' : 'cat';
  if (!isEncrypted(artifact)) return `${unpacked} ${name}`;
  return `${decrypting(name)}${transforms.includes('zstd') ? ' | zstd -dc' : ''}`;
};

const decrypting = (name: string): string => `age --decrypt --identity "$IDENTITY" ${name}`;

export const secretsCommand = ({ name }: StoredArtifact): string => decrypting(name);

/** Whether the key opens them, tried on the smallest one: in a pipe sh would not see that age failed. */
export const keyCommands = (artifacts: readonly StoredArtifact[]): string[] => {
  const [smallest] = artifacts.toSorted((one, other) => one.bytes - other.bytes);
  return smallest === undefined ? [] : [`${decrypting(smallest.name)} > /dev/null`];
};

/** Beside the live one, and at most 63 bytes, as PostgreSQL has it. */
const restoredDatabase = (database: string): string => {
  const suffix = '_restored';
  const letters = [...database];
  while (Buffer.byteLength(letters.join('')) > 63 - suffix.length) letters.pop();
  return `${letters.join('')}${suffix}`;
};

const localeOptions = ({ encoding, collate, ctype, ...facts }: DatabaseFacts): string[] => [
  `--encoding=${shellQuote(encoding)}`,
  `--lc-collate=${shellQuote(collate)}`,
  `--lc-ctype=${shellQuote(ctype)}`,
  ...(facts.serverVersion >= 150_000 ? providerOptions(facts) : []),
];

/** Since 15 the server's own provider is the default, so it is always named. */
const providerOptions = ({
  localeProvider,
  locale,
}: Pick<DatabaseFacts, 'localeProvider' | 'locale'>): string[] => [
  `--locale-provider=${localeProvider}`,
  ...(localeProvider === 'icu' ? [`--icu-locale=${shellQuote(locale ?? '')}`] : []),
  ...(localeProvider === 'builtin' ? [`--builtin-locale=${shellQuote(locale ?? '')}`] : []),
];

export const shellQuote = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
