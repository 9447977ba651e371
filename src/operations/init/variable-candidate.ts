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
  /** The name of the database that it leads to; null: there is none. */
  database: string | null;
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
  if (!value) return { ...NOTHING, troubles: [] };
  const variable = set ? null : { name: NAME, value, file };
  const where = variable === null ? `${NAME} in the environment` : `${NAME} in ${file}`;
  const read = draftOf(value, variable);
  if ('problem' in read) return { ...NOTHING, troubles: [`${where} ${read.problem}`] };
  const { draft, database } = read;
  const name = nameFor(basename(folder), 'app');
  return {
    candidate: {
      kind: 'variable',
      ...{ label: where, name, database: draft, folders: [], services: null },
      remarks:
        draft.kind === 'url' ? [] : [`${where} names a driver, which PostgreSQL’s own programs do not take`],
    },
    database,
    variable: draft.kind === 'url' ? variable : null,
    troubles: [],
  };
};

const NOTHING = { candidate: null, database: null, variable: null };

const draftOf = (
  value: string,
  variable: FileVariable | null,
): { draft: DatabaseDraft; database: string } | { problem: string } => {
  const [, scheme = '', driver = ''] = /^([a-z0-9]+)(\+[a-z0-9_]+)?:/i.exec(value) ?? [];
  if (!/^(postgres|postgresql|postgis)$/i.test(scheme))
    return { problem: 'is no URL of a PostgreSQL database: it is left out' };
  const isPlain = driver === '' && /^postgres(ql)?$/.test(scheme);
  const parsed = parseDatabaseUrl(isPlain ? value : value.replace(/^[^:]+:/, 'postgresql:'));
  if ('problem' in parsed) return { problem: `is a URL that ${parsed.problem}` };
  const { host, port, user, database, password } = parsed.target;
  if (isPlain) return { database, draft: { kind: 'url', url: `env:${NAME}`, remarks: remarksOn(variable) } };
  return {
    database,
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
