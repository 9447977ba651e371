// postgres:// URLs as libpq reads them ("Connection URIs" in PostgreSQL's manual), but for one server, and with nothing left to
// be guessed. No problem repeats a piece of the URL: one character out of place and that piece is the password.
import { readQuery } from './database-url-query.js';
import { DEFAULT_PORT, hasControl, hostProblem, identifierProblem, parsePort } from './server-parts.js';
import type { DatabaseTarget } from './targets.js';

/** `problem` continues "it is a URL that …". */
export type ParsedUrl = { target: Omit<DatabaseTarget, 'name'> } | { problem: string };

export const parseDatabaseUrl = (url: string): ParsedUrl => {
  const pieces = split(url);
  if (pieces === null)
    return {
      problem: `is not of the form ${URL_FORM}; every : / @ ? # % within user, password and name must be percent-encoded`,
    };
  const query = readQuery(pieces.query);
  if ('problem' in query) return query;
  const { host, port, user, password, dbname } = { ...pieces, ...query.parts };
  const problem = firstProblem({ host, port, user, password: password ?? '', dbname });
  if (problem !== null) return { problem };
  const target = {
    host,
    port: parsePort(port) ?? DEFAULT_PORT,
    user,
    password: password === '' ? null : password,
    database: dbname,
    parameters: query.parameters,
  };
  return { target };
};

export const URL_FORM = 'postgres://USER@HOST:PORT/NAME';

const URL_PATTERN =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^@/:]*)(?::(?<password>[^@/]*))?@)?(?:\[(?<ipv6>[^\]/?@]*)\]|(?<host>[^/?:@[\]]*))(?::(?<port>[^/?:@]*))?(?:\/(?<dbname>[^/?@]*))?(?:\?(?<query>[^@]*))?$/;

const split = (url: string) => {
  const groups = URL_PATTERN.exec(url)?.groups;
  if (groups === undefined) return null;
  try {
    return {
      host: decodeURIComponent(groups.ipv6 ?? groups.host ?? ''),
      port: groups.port ?? '',
      user: decodeURIComponent(groups.user ?? ''),
      password: groups.password === undefined ? null : decodeURIComponent(groups.password),
      dbname: decodeURIComponent(groups.dbname ?? ''),
      query: groups.query ?? '',
    };
  } catch {
    return null;
  }
};

interface Parts {
  host: string;
  port: string;
  user: string;
  password: string;
  dbname: string;
}

const firstProblem = ({ host, port, user, password, dbname }: Parts): string | null => {
  if (host === '') return 'names no host; for a Unix socket, end it with ?host=/folder';
  const wrongHost = hostProblem(host);
  if (wrongHost !== null) return `has a host that ${wrongHost}`;
  if (port !== '' && parsePort(port) === null) return 'has a port that is not a number from 1 to 65535';
  if (user === '') return 'names no user';
  if (dbname === '') return 'names no database';
  if (hasControl(password)) return 'has a password that holds a control character';
  const wrongUser = identifierProblem(user);
  if (wrongUser !== null) return `has a user that ${wrongUser}`;
  const wrongName = identifierProblem(dbname);
  return wrongName === null ? null : `has a database name that ${wrongName}`;
};
