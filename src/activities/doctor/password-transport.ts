// Whether a database's password, and the data, may cross a network in plain text.
import { networkInterfaces } from 'node:os';
import type { Deployment } from '../../config/config.js';
import type { DatabaseTarget } from '../../config/targets.js';
import type { Finding } from '../../domain/findings.js';
import { locateDatabase } from '../../operations/locate.js';
import { finding } from './check.js';

const AREA = 'SECURITY';

/** A database whose settings cannot be resolved is said under DATABASE. */
export const lookAtPasswords = async ({ databases }: Deployment): Promise<Finding[]> => {
  const targets = await Promise.all(databases.map((settings) => locateDatabase(settings).catch(() => null)));
  return targets.flatMap((target) => (target === null ? [] : transportOf(target)));
};

const ENCRYPTED = ['require', 'verify-ca', 'verify-full'];

/** Exported for its test: pure, so that every place can be tried. */
export const transportOf = (target: DatabaseTarget): Finding[] => {
  const { name, host, password, parameters, container } = target;
  const address = parameters.hostaddr ?? host;
  if (password === null) return [];
  if (container !== undefined || isLocal(address))
    return [finding(AREA, 'ok', `database ${name}: its password does not leave this host`)];
  const mode = parameters.sslmode ?? 'prefer';
  if (ENCRYPTED.includes(mode))
    return [finding(AREA, 'ok', `database ${name}: its password is sent encrypted (sslmode ${mode})`)];
  return [
    finding(
      AREA,
      'warning',
      `database ${name}: its password may be sent to ${address} unencrypted (sslmode ${mode})`,
      'give the database as a URL that ends in ?sslmode=verify-full, or require at least',
    ),
  ];
};

const isLocal = (address: string): boolean =>
  address.startsWith('/') ||
  address === 'localhost' ||
  address === '::1' ||
  /^127\./.test(address) ||
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
