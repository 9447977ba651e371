// What may stand for a server, a role and a database: checked alike in a URL and in its parts, before anything connects.
// The sentences say it about the value, and never repeat it.
import { isIPv6 } from 'node:net';

export const DEFAULT_PORT = 5432;

/** null if `host` names one server: a host name, an IPv4 or IPv6 address, or the folder of a Unix socket. */
export const hostProblem = (host: string): string | null => {
  if (host.includes(',')) return 'names several hosts; name the one to back up';
  if (host.startsWith('/')) return hasControl(host) ? 'holds a control character' : null;
  if (/^[^\s:/@?#[\]\p{Cc}]+$/u.test(host) || isIPv6(host)) return null;
  return 'is not a host name, an address or the absolute folder of a socket; the port has a place of its own';
};

/** null if PostgreSQL takes it as the name of a role or a database. */
export const identifierProblem = (text: string): string | null => {
  if (text === '') return 'is empty';
  if (hasControl(text)) return 'holds a control character';
  return Buffer.byteLength(text) > 63 ? 'is longer than 63 bytes' : null;
};

/** A port as text; null if it is none. */
export const parsePort = (text: string): number | null => {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : null;
};

export const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);
