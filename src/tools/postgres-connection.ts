// How PostgreSQL's programs reach a database: by files that only this user can read. Nothing of it is in their arguments or
// their environment, where other users and child processes would see it, and no name is taken for a connection string.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';

/** The only service in the file. */
export const SERVICE = 'holdfast';

/**
 * Writes `pg_service.conf` and, where there is a password, `pgpass` into a private folder that exists.
 * @returns the environment by which libpq finds them
 * @throws CONFIG_INVALID for a value that these files cannot hold
 */
export const writeConnectionFiles = async (
  folder: string,
  target: DatabaseTarget,
  applicationName: string,
): Promise<Record<string, string>> => {
  const serviceFile = join(folder, 'pg_service.conf');
  await writePrivate(serviceFile, serviceText(target, applicationName));
  const env = { PGSERVICEFILE: serviceFile, PGSERVICE: SERVICE, PGTZ: 'GMT' };
  if (target.password === null) return env;
  const passwordFile = join(folder, 'pgpass');
  await writePrivate(passwordFile, passwordText(target.password));
  return { ...env, PGPASSFILE: passwordFile };
};

const writePrivate = async (file: string, text: string): Promise<void> => {
  await writeFile(file, text, { mode: 0o600 });
};

/** A server that is gone is noticed after 75 s. A busy one still answers keepalives, so it is never taken for gone. */
const PATIENCE = {
  connect_timeout: '15',
  keepalives: '1',
  keepalives_idle: '30',
  keepalives_interval: '15',
  keepalives_count: '3',
};

const serviceText = (target: DatabaseTarget, applicationName: string): string => {
  const settings: Record<string, string> = {
    ...PATIENCE,
    ...target.parameters,
    host: target.host,
    port: String(target.port),
    user: target.user,
    dbname: target.database,
    application_name: applicationName,
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${oneLine(key, value)}`);
  return [`[${SERVICE}]`, ...lines, ''].join('\n');
};

/** The file has no quoting: a value is the rest of its line, without white space at its end. */
const oneLine = (key: string, value: string): string => {
  if (!/[\r\n\0]/.test(value) && value === value.trim()) return value;
  throw new Failure(
    'CONFIG_INVALID',
    `${key}: line breaks, and spaces at either end, cannot be passed on to pg_dump`,
  );
};

/** For every host, port, database and user: the service file names only one. */
const passwordText = (password: string): string => {
  if (/[\r\n\0]/.test(password)) {
    throw new Failure('CONFIG_INVALID', 'password: a line break cannot be passed on to pg_dump');
  }
  return `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`;
};
