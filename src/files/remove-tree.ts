// Removing what is in a folder: names of any bytes, folders that may not be read, and never through a link.
import { chmod, readdir, rmdir, unlink } from 'node:fs/promises';
import { mapLimited } from './limited.js';
import { absoluteBytes } from './path-bytes.js';
import { isErrno } from './status.js';

/** Everything in the folder, which itself stays. What is gone already is fine. */
export const emptyFolder = async (root: string): Promise<void> => {
  const levels: string[][] = [['.']];
  for (let level = levels[0] ?? []; level.length > 0; level = levels.at(-1) ?? []) {
    levels.push((await mapLimited(level, 8, (folder) => removeFiles(root, folder))).flat());
  }
  for (const level of levels.slice(1).reverse()) {
    await mapLimited(level, 32, (folder) => unlessGone(() => rmdir(absoluteBytes(root, folder))));
  }
};

/** Gives back the folders in it. */
const removeFiles = async (root: string, folder: string): Promise<string[]> => {
  const path = absoluteBytes(root, folder);
  // Root needs no right; anybody else may have restored folders that not even their owner can change.
  if (process.getuid?.() !== 0) await chmod(path, 0o700);
  const inside = await readdir(path, { encoding: 'latin1', withFileTypes: true });
  const named = inside.map((item) => ({ item, path: folder === '.' ? item.name : `${folder}/${item.name}` }));
  const files = named.filter(({ item }) => !item.isDirectory());
  await mapLimited(files, 32, (file) => unlessGone(() => unlink(absoluteBytes(root, file.path))));
  return named.filter(({ item }) => item.isDirectory()).map((child) => child.path);
};

const unlessGone = async (act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
};
