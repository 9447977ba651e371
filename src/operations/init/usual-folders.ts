// Where frameworks keep what users upload, in the folder of an application: Django's media, Rails' storage and public/system,
// and uploads of many others.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderDraft } from './draft.js';
import { freeNameFor } from './names-for.js';

const USUAL = ['media', 'storage', 'uploads', 'public/uploads', 'public/system'];

/** Those that are there: real folders, since a link leads to something that has a place of its own. */
export const usualFolders = async (folder: string): Promise<FolderDraft[]> => {
  const found: FolderDraft[] = [];
  for (const name of USUAL) {
    const path = join(folder, name);
    const facts = await lstat(path).catch(() => null);
    if (!facts?.isDirectory()) continue;
    const taken = found.map((one) => one.name);
    found.push({ name: freeNameFor(name.replace('public/', ''), taken), path });
  }
  return found;
};
