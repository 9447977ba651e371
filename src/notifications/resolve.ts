// The secrets of a notifier, at the last moment, and remembered so that no message repeats a part of them.
import { rememberSecret } from '../config/redacted.js';
import { looksLikeReference } from '../config/secret-reference.js';
import { resolveSecret } from '../config/secrets.js';
import { Failure } from '../domain/failure.js';
import { runForSecret } from '../tools/run-for-secret.js';

export const resolved = (reference: string, path: string): Promise<string> =>
  resolveSecret(reference, { path, run: runForSecret });

/** Of a URL that is referred to, path, query, user and password are secret; its host is not. @throws CONFIG_INVALID */
export const resolvedUrl = async (
  given: string,
  { path, protocols }: { path: string; protocols: readonly string[] },
): Promise<URL> => {
  const secret = looksLikeReference(given);
  const text = secret ? await resolved(given, path) : given;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol))
    throw new Failure(
      'CONFIG_INVALID',
      `${path}: what it refers to is no URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`,
    );
  if (secret) for (const part of secretParts(url)) rememberSecret(part);
  return url;
};

const secretParts = ({ pathname, search, username, password }: URL): string[] =>
  [pathname, search, username, password]
    .flatMap((part) => [part, decoded(part), ...part.split('/')])
    .filter((part) => part.length >= LEAST_SECRET);

/** Shorter parts are names: `services`, `backups`. */
const LEAST_SECRET = 12;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
