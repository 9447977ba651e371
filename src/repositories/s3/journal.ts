// What a copy must remember to go on after a kill -9: the upload's id and each part that has arrived, a line each, durable
// before the next part counts. Servers list the parts they have, but not all of them give their checksums back.
import { open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { StoredBytes } from '../repository.js';
import type { SentPart } from './upload.js';

const headSchema = z.object({
  version: z.literal(1),
  key: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  uploadId: z.string(),
  partBytes: z.number(),
});

const partSchema = z.object({
  number: z.number(),
  bytes: z.number(),
  etag: z.string(),
  checksum: z.string(),
});

export interface Journal extends z.output<typeof headSchema> {
  parts: SentPart[];
}

/** null: there is none, or it is of other contents. What a crash left half-written at its end does not count. */
export const readJournal = async (
  path: string,
  { key, stored }: { key: string; stored: StoredBytes },
): Promise<Journal | null> => {
  const [first, ...others] = (await readFile(path, 'utf8').catch(() => '')).split('\n').map(parsed);
  const head = headSchema.safeParse(first).data;
  if (head?.key !== key || head.sha256 !== stored.sha256 || head.bytes !== stored.bytes) return null;
  const parts = others.flatMap((line) => partSchema.safeParse(line).data ?? []);
  return { ...head, parts };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

export const startJournal = async (path: string, head: Omit<Journal, 'parts' | 'version'>): Promise<void> =>
  write(path, { flags: 'w', line: { version: 1, ...head } });

export const journalPart = (path: string, part: SentPart): Promise<void> =>
  write(path, { flags: 'a', line: part });

export const endJournal = (path: string): Promise<void> => rm(path, { force: true });

/** Begins with a line break where something stands before: that may be half a line. */
const write = async (path: string, { flags, line }: { flags: 'w' | 'a'; line: unknown }): Promise<void> => {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(`${flags === 'a' ? '\n' : ''}${JSON.stringify(line)}`);
    await file.sync();
  } finally {
    await file.close();
  }
};
