// Reads a file of the state folder that names what is to be renamed, put back or dropped: whole, or not at all.
import type { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { readJson } from './state-folder.js';

/** null when there is none. Failure STATE_DAMAGED, with the path, when it is not what it should be. */
export const readState = async <T extends { deployment: string }>(
  path: string,
  deployment: string,
  schema: z.ZodType<T>,
): Promise<T | null> => {
  const stored = await readJson(path, HINT);
  if (stored === null) return null;
  const { success, data, error } = schema.safeParse(stored);
  if (!success) throw damaged(path, problemOf(error));
  if (data.deployment !== deployment) throw damaged(path, `it says that it belongs to ${data.deployment}`);
  return data;
};

const HINT =
  'look for the databases holdfast_… and the folders .holdfast-… that it names, put right what is half done, then move it aside';

const damaged = (path: string, why: string): Failure =>
  new Failure('STATE_DAMAGED', `${path} is damaged, or another holdfast wrote it: ${why}`, { hint: HINT });

const problemOf = ({ issues: [first] }: z.ZodError): string =>
  first === undefined ? 'it is not what it should be' : `${first.path.join('.')}: ${first.message}`;
