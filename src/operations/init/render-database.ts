// The lines about the database, in a deployment.
import type { DatabaseDraft } from './draft.js';
import { beside, comments, indented, yamlText } from './yaml-text.js';

/** What somebody has to write where `init` could not know. */
export interface Gap {
  key: string;
  what: string;
  /** Only to see whether the rest is right. */
  sample: string;
}

const FILL_IN = 'FILL IN';

/** In the order in which they stand in the file. */
export const gapsIn = (database: DatabaseDraft | null): Gap[] => {
  if (database?.kind !== 'parts') return [];
  const { host, name, user, password } = database;
  return [
    ...(host === null ? [HOST] : []),
    ...(name === null ? [NAME] : []),
    ...(user === null ? [USER] : []),
    ...(password === 'unknown' ? [PASSWORD] : []),
  ];
};

const HOST: Gap = {
  key: 'host',
  what: 'where PostgreSQL is: a name, an address, or a socket’s folder such as /var/run/postgresql',
  sample: '127.0.0.1',
};
const NAME: Gap = { key: 'name', what: 'the database’s name on that server', sample: 'app' };
const USER: Gap = { key: 'user', what: 'the role that backs up and restores', sample: 'app' };
const PASSWORD: Gap = {
  key: 'password',
  what: 'where its password is: file:/path (a file that only you can read) or env:NAME',
  sample: 'env:PASSWORD',
};

/** @param fill what stands where a gap is */
export const databaseLines = (database: DatabaseDraft, fill: (gap: Gap) => string): string[] => [
  ...comments(
    'The database. Its role needs the right to create databases: a restore is built beside the live one and then',
    'swapped in by a rename, and so is a drill. Where it may not, `restore --in-place` is the way.',
  ),
  'database:',
  ...indented(2, settingLines(database, fill)),
];

const settingLines = (database: DatabaseDraft, fill: (gap: Gap) => string): string[] => {
  switch (database.kind) {
    case 'url':
      return [...comments(...database.remarks), `url: ${yamlText(database.url)}`];
    case 'compose':
      return composeLines(database);
    case 'parts':
      return partLines(database, fill);
    default:
      return database satisfies never;
  }
};

const composeLines = (database: Extract<DatabaseDraft, { kind: 'compose' }>): string[] => [
  ...comments('Found through Docker each time, so nothing changes here when the container is made anew.'),
  `container: { compose: { project: ${yamlText(database.project)}, service: ${yamlText(database.service)} } }`,
  `name: ${yamlText(database.name)}`,
  `user: ${yamlText(database.user)}`,
  ...(database.password === null
    ? comments('password: file:/path, env:NAME or command:program args; it is given none')
    : [
        ...(database.password.startsWith('command:')
          ? comments(
              'A program that prints it: the container is asked for what it was given. Or file:/path, env:NAME.',
            )
          : []),
        `password: ${yamlText(database.password)}`,
      ]),
];

const partLines = (
  database: Extract<DatabaseDraft, { kind: 'parts' }>,
  fill: (gap: Gap) => string,
): string[] => {
  const { host, port, name, user, password } = database;
  const known = (key: string, value: string | null, gap: Gap): readonly [string, string] =>
    value === null
      ? [`${key}: ${fill(gap)}`.trimEnd(), `${FILL_IN}: ${gap.what}`]
      : [`${key}: ${yamlText(value)}`, ''];
  return beside(
    known('host', host, HOST),
    ...(port === null || port === 5432 ? [] : [[`port: ${port}`, ''] as const]),
    known('name', name, NAME),
    known('user', user, USER),
    password === 'unknown'
      ? known('password', null, PASSWORD)
      : ['# password: file:/path', 'or env:NAME, command:program args; left out where none is asked for'],
  );
};
