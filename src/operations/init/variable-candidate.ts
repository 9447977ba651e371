// A database that DATABASE_URL names. The URL is referred to, never repeated: it may hold a password.
import { basename, join } from 'node:path';
import { parseDatabaseUrl } from '../../config/database-url.js';
import type { Candidate, FileVariable } from './candidate.js';
import type { DatabaseDraft } from './draft.js';
import { readEnvFile } from './env-file.js';
import { nameFor } from './names-for.js';

const NAME = 'DATABASE_URL';

export interface VariableFound {
  candidate: Candidate | null;
  /** Where this process lacks it: holdfast takes it from the environment. */
  variable: FileVariable | null;
  troubles: string[];
}

/** @param environment of this process: it counts more than `.env` */
export const variableCandidate = async (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<VariableFound> => {
  const file = join(folder, '.env');
  const set = environment[NAME];
  const value = set || (await readEnvFile(file))?.[NAME];
  if (!value) return { candidate: null, variable: null, troubles: [] };
  const variable = set ? null : { name: NAME, value, file };
  const where = variable === null ? `${NAME} in the environment` : `${NAME} in ${file}`;
  const database = draftOf(value, variable);
  if ('problem' in database)
    return { candidate: null, variable: null, troubles: [`${where} ${database.problem}`] };
  const name = nameFor(basename(folder), 'app');
  return {
    candidate: {
      kind: 'variable',
      ...{ label: where, name, database: database.draft, folders: [], services: null },
      remarks:
        database.draft.kind === 'url'
          ? []
          : [`${where} names a driver, which PostgreSQL’s own programs do not take`],
    },
    variable: database.draft.kind === 'url' ? variable : null,
    troubles: [],
  };
};

const draftOf = (
  value: string,
  variable: FileVariable | null,
): { draft: DatabaseDraft } | { problem: string } => {
  const [, scheme = '', driver = ''] = /^([a-z0-9]+)(\+[a-z0-9_]+)?:/i.exec(value) ?? [];
  if (!/^(postgres|postgresql|postgis)$/i.test(scheme))
    return { problem: 'is no URL of a PostgreSQL database: it is left out' };
  const isPlain = driver === '' && /^postgres(ql)?$/.test(scheme);
  const parsed = parseDatabaseUrl(isPlain ? value : value.replace(/^[^:]+:/, 'postgresql:'));
  if ('problem' in parsed) return { problem: `is a URL that ${parsed.problem}` };
  if (isPlain) return { draft: { kind: 'url', url: `env:${NAME}`, remarks: remarksOn(variable) } };
  const { host, port, user, database, password } = parsed.target;
  return {
    draft: {
      kind: 'parts',
      host,
      port,
      name: database,
      user,
      password: password === null ? 'none' : 'unknown',
    },
  };
};

const remarksOn = (variable: FileVariable | null): string[] => [
  `Every command takes ${NAME} from its environment, and so does holdfast up; as a systemd unit by`,
  ...(variable === null
    ? ['EnvironmentFile=, naming a file that holds it (systemctl edit holdfast).']
    : [`EnvironmentFile=${variable.file} (systemctl edit holdfast).`]),
  'Or put the URL alone into a file that only you can read, and write url: file:/path here.',
];

/** The database that a URL leads to; null where it leads nowhere. */
export const databaseIn = (value: string): { host: string; database: string } | null => {
  const parsed = parseDatabaseUrl(value);
  return 'problem' in parsed ? null : { host: parsed.target.host, database: parsed.target.database };
};
