// The part of the log that lies on this host: what was noted, what is signed and not yet delivered, and which entry is the last.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isLogName } from './log-object.js';

export const logsFolder = (state: string): string => join(state, 'log');
const logFolder = (state: string, deployment: string): string => join(logsFolder(state), deployment);
export const headFile = (state: string, deployment: string): string =>
  join(logFolder(state, deployment), 'head.json');
/** Events that are durable and not yet in the chain: `<kind>-<id>.json`. */
export const notedFolder = (state: string, deployment: string): string =>
  join(logFolder(state, deployment), 'noted');
/** Signed entries until every repository has them, under the names that they have there. */
export const outboxFolder = (state: string, deployment: string): string =>
  join(logFolder(state, deployment), 'outbox');

/** The last entry, as this host remembers it; null: it does not. */
export const rememberedLast = async (
  state: string,
  deployment: string,
): Promise<{ name: string; sha256: string } | null> => {
  const text = await readFile(headFile(state, deployment), 'utf8').catch(() => '');
  try {
    return headSchema.parse(JSON.parse(text)).last;
  } catch {
    return null;
  }
};

const headSchema = z.looseObject({
  last: z.strictObject({ name: z.string(), sha256: z.string() }).nullable(),
});

/** Names, oldest first. */
export const listOutbox = async (state: string, deployment: string): Promise<string[]> =>
  (await readdir(outboxFolder(state, deployment)).catch(emptyWhenMissing)).filter(isLogName).sort();

/** null: it was delivered meanwhile. */
export const readOutbox = (state: string, deployment: string, name: string): Promise<Buffer | null> =>
  readFile(join(outboxFolder(state, deployment), name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

const emptyWhenMissing = (error: NodeJS.ErrnoException): string[] => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
};
