// A DatabaseTarget as node-postgres understands it. Nothing is taken from the environment: what the configuration
// says is what pg_dump and this session both get. libpq's sslmode keeps its meaning, `prefer` included.
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';

export interface ConnectionChoice {
  database: string;
  applicationName: string;
}

/** What to try, in this order: the next one is for a server that refused TLS (or, with `allow`, plain text). */
export const connectionConfigs = async (
  target: DatabaseTarget,
  choice: ConnectionChoice,
): Promise<pg.ClientConfig[]> => {
  const { host, port, user, password, parameters } = target;
  const config: pg.ClientConfig = {
    host: parameters.hostaddr ?? host,
    port,
    user,
    // A function, because node-postgres looks an empty password up in the environment and in ~/.pgpass.
    password: () => password ?? '',
    database: choice.database,
    application_name: choice.applicationName,
    keepAlive: parameters.keepalives !== '0',
    connectionTimeoutMillis: 1000 * (Number(parameters.connect_timeout) || 10),
    ...(parameters.options === undefined ? {} : { options: parameters.options }),
    ...(parameters.channel_binding === 'require' ? { enableChannelBinding: true } : {}),
    ...(parameters.sslnegotiation === 'direct' ? { sslnegotiation: 'direct' as const } : {}),
  };
  return (await tlsChoices(target)).map((ssl) => ({ ...config, ssl }));
};

type Tls = ConnectionOptions | false;

/** A Unix socket never carries TLS. */
const tlsChoices = async (target: DatabaseTarget): Promise<Tls[]> => {
  const mode = target.parameters.sslmode ?? 'prefer';
  if (target.host.startsWith('/') || mode === 'disable') return [false];
  const tls = await tlsOptions(target, mode);
  if (mode === 'prefer') return [tls, false];
  return mode === 'allow' ? [false, tls] : [tls];
};

const tlsOptions = async (target: DatabaseTarget, mode: string): Promise<ConnectionOptions> => {
  const { sslcert, sslkey, sslpassword, sslcrl } = target.parameters;
  return {
    ...(await trusted(target, mode)),
    ...(sslcert === undefined ? {} : { cert: await readFile(sslcert) }),
    ...(sslkey === undefined ? {} : { key: await readFile(sslkey) }),
    ...(sslpassword === undefined ? {} : { passphrase: sslpassword }),
    ...(sslcrl === undefined ? {} : { crl: await readFile(sslcrl) }),
  };
};

/** `require` with a root certificate is `verify-ca`, as in libpq; `system` is what Node trusts. */
const trusted = async ({ host, parameters }: DatabaseTarget, mode: string): Promise<ConnectionOptions> => {
  const root = parameters.sslrootcert;
  const full = mode === 'verify-full' || root === 'system';
  if (!full && mode !== 'verify-ca' && !(mode === 'require' && root !== undefined)) {
    return { rejectUnauthorized: false };
  }
  return {
    rejectUnauthorized: true,
    host,
    ...(root === undefined || root === 'system' ? {} : { ca: await readFile(root) }),
    ...(full ? {} : { checkServerIdentity: () => undefined }),
  };
};
