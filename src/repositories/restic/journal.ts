// What a copy into a restic repository remembers between its attempts: the parts that are there. Damaged or lost, the copy
// begins anew.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Digest } from '../hash.js';
import type { Part } from './tags.js';

export const storedPartsSchema = z.strictObject({
  bytes: z.number(),
  sha256: z.string(),
  parts: z.array(z.strictObject({ id: z.string(), bytes: z.number(), form: z.enum(['stream', 'folder']) })),
});

/** @param there ids of what is in the repository: a part that is not among them was swept */
export const readJournal = async (
  file: string,
  { bytes, sha256 }: Digest,
  there: readonly string[],
): Promise<Part[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const found = storedPartsSchema.safeParse(parsed(text)).data;
  if (found === undefined || found.bytes !== bytes || found.sha256 !== sha256) return [];
  const known = (part: Part): boolean => there.some((id) => id.startsWith(part.id));
  return found.parts.every(known) ? found.parts : [];
};

export const writeJournal = async (
  file: string,
  { bytes, sha256 }: Digest,
  parts: readonly Part[],
): Promise<void> => {
  await writeFile(`${file}.new`, JSON.stringify({ bytes, sha256, parts }), { mode: 0o600 });
  await rename(`${file}.new`, file);
};

export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
