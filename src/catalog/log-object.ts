// One entry of the log as it is stored: `<deployment>/log/<time>-<kind>-<id>.json`, the signed text around which nothing is
// believed before its signature was checked.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LOG_KINDS, type LogEntry, type LogEvent, logEntrySchema } from '../domain/log-entry.js';
import { type Signature, signatureSchema } from '../domain/signature.js';
import { isSignature, type SigningKey, signed } from './signing.js';

const NAME = new RegExp(`^\\d{8}T\\d{9}Z-(${LOG_KINDS.join('|')})-[0-9a-f]{10}\\.json$`);

export const isLogName = (name: string): boolean => NAME.test(name);

/** null: it is no entry's name. */
export const kindOf = (name: string): string | null => NAME.exec(name)?.[1] ?? null;

export const logFolderIn = (deployment: string): string => `${deployment}/log`;

/** Names sort by time. */
export const logName = ({ at, kind, id }: Pick<LogEvent, 'at' | 'kind' | 'id'>): string =>
  `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${kind}-${id}.json`;

/** Of what belongs to no operation: ten hexadecimal digits. @param parts what it is told by */
export const eventId = (...parts: readonly string[]): string =>
  logDigest(Buffer.from(JSON.stringify(parts))).slice(0, 10);

/** The event that an entry is about: noted twice, it is one entry. */
export const eventOf = (name: string): string => name.slice(name.indexOf('Z-') + 2, -'.json'.length);

export interface StoredEntry {
  name: string;
  /** Of the stored bytes: what the next entry names. */
  sha256: string;
  key: string;
  entry: LogEntry;
}

export const logBytes = (entry: LogEntry, key: SigningKey): Buffer => {
  const text = JSON.stringify(entry);
  const object = { ...signed(key, Buffer.from(text)), entry: text };
  return Buffer.from(`${JSON.stringify(object, null, 2)}\n`);
};

const logDigest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** null: it is no entry of this deployment and name, or its signature does not hold. Whose key it is, is not judged. */
export const parseLogObject = (
  bytes: Buffer,
  { deployment, name }: { deployment: string; name: string },
): StoredEntry | null => {
  try {
    const { entry: text, ...signature } = objectSchema.parse(JSON.parse(bytes.toString('utf8')));
    if (!isSignature(signature satisfies Signature, Buffer.from(text))) return null;
    const entry = logEntrySchema.parse(JSON.parse(text));
    if (entry.deployment !== deployment || logName(entry) !== name) return null;
    return { name, sha256: logDigest(bytes), key: signature.key, entry };
  } catch {
    return null;
  }
};

const objectSchema = signatureSchema.extend({ entry: z.string() });
