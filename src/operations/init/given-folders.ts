// Folders that somebody names, with names of their own.
import { basename, resolve } from 'node:path';
import type { FolderDraft } from './draft.js';
import { freeNameFor } from './names-for.js';

/** Those that are there already keep their names. */
export const withGiven = (folders: readonly FolderDraft[], paths: readonly string[]): FolderDraft[] => {
  const all = [...folders];
  for (const given of paths) {
    const path = resolve(given);
    if (all.some((folder) => 'path' in folder && folder.path === path)) continue;
    const taken = all.map(({ name }) => name);
    all.push({ name: freeNameFor(basename(path), taken), path });
  }
  return all;
};

/** Of what was found around a database and in this folder: what is stored unless somebody says otherwise. */
export const usualChoice = (
  around: readonly FolderDraft[],
  here: readonly FolderDraft[],
): readonly FolderDraft[] => (around.length > 0 ? around : here);
