// What is stored and is no object yet: a note of it, in a folder of whoever stores it, until the last objects of its backup
// are put. It becomes one of them then, and needs no snapshot that says so: each one costs restic half a second.
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolders, syncFolder, writeDurably } from '../../tools/sync.js';
import type { Digest } from '../hash.js';
import type { LeftForLater } from '../repository.js';
import { parsed, storedPartsSchema } from './journal.js';
import type { Part } from './tags.js';

const noteSchema = storedPartsSchema.extend({ small: z.base64().nullable() });

export interface Noted extends Digest {
  parts: Part[];
  /** All of it, where it is small: it is stored with the last objects. */
  small: Buffer | null;
}

/** Durable when it returns: a run goes on after a power cut, and knows its artifacts only by what is noted. */
export const noteForLater = async (
  folder: string,
  name: string,
  { bytes, sha256, parts, small }: Noted,
): Promise<void> => {
  const note = { bytes, sha256, parts, small: small?.toString('base64') ?? null };
  const temporary = `${pathOf(folder, name)}.new`;
  await makeFolders(folder);
  await rm(temporary, { force: true });
  await writeDurably(temporary, JSON.stringify(note));
  await rename(temporary, pathOf(folder, name));
  await syncFolder(folder);
};

/** Of an earlier attempt: what is an object by itself needs none. */
export const withdrawNote = (folder: string, name: string): Promise<void> =>
  rm(pathOf(folder, name), { force: true });

/** By their names. Those without a note, or whose note is about other bytes, are objects already or are missing. */
export const notedIn = async ({ folder, artifacts }: LeftForLater): Promise<Map<string, Noted>> => {
  const found = new Map<string, Noted>();
  for (const { name, bytes, sha256 } of artifacts) {
    const note = noteSchema.safeParse(parsed(await readFile(pathOf(folder, name), 'utf8').catch(() => '')));
    if (note.data?.bytes !== bytes || note.data.sha256 !== sha256) continue;
    const { parts, small } = note.data;
    found.set(name, { bytes, sha256, parts, small: small === null ? null : Buffer.from(small, 'base64') });
  }
  return found;
};

const pathOf = (folder: string, name: string): string => join(folder, `${name}.json`);
