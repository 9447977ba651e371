// The application's files: thousands of small ones in nested folders, some large ones, and the kinds that a careless
// copy loses.
import { createHash } from 'node:crypto';
import { chmod, link, mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SMALL = 4000;
const LARGE = 4;

/** Fills the new folder `root` with about 110 MB. */
export const createFiles = async (root: string): Promise<void> => {
  await mkdir(root, { recursive: true, mode: 0o750 });
  for (let first = 0; first < SMALL; first += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => createSmallFile(root, first + index)));
  }
  for (let index = 0; index < LARGE; index++) {
    await writeFile(join(root, `scan-${index}.tiff`), noise(`scan ${index}`, (2 + index) * 1_000_000));
  }
  await createLinks(root);
  await createOddities(root);
};

const createSmallFile = async (root: string, index: number): Promise<void> => {
  const folder = join(root, `${2015 + (index % 10)}`, `${1 + (index % 12)}`.padStart(2, '0'), `${index % 7}`);
  await mkdir(folder, { recursive: true });
  const size = 500 + ((index * 7919) % 49_500);
  const isText = index % 3 === 0;
  const file = join(folder, `document-${index}.${isText ? 'txt' : 'pdf'}`);
  await writeFile(file, isText ? text(index, size) : noise(`document ${index}`, size));
  if (index % 10 === 0) await chmod(file, index % 20 === 0 ? 0o600 : 0o444);
  const time = 1_500_000_000 + index * 5_003.25;
  await utimes(file, time, time);
};

const createLinks = async (root: string): Promise<void> => {
  await mkdir(join(root, 'links'));
  for (const index of [0, 1, 2]) {
    await link(join(root, `scan-${index}.tiff`), join(root, 'links', `the same scan ${index}`));
  }
  await symlink('../scan-0.tiff', join(root, 'links', 'relative'));
  await symlink('/nowhere/at all', join(root, 'links', 'dangling'));
  await symlink('..', join(root, 'links', 'folder'));
};

const ODD_NAMES = [
  'with space',
  'new\nline',
  '-rf',
  '*',
  'back\\slash',
  "quo'te",
  '"double"',
  'Übergröße 文書',
  '.hidden',
  ' ',
];

const createOddities = async (root: string): Promise<void> => {
  const folder = join(root, 'odd');
  await mkdir(join(folder, 'empty folder'), { recursive: true });
  for (const name of ODD_NAMES) await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'empty'), '');
  await truncate(await fileAt(folder, 'sparse'), 20_000_000);
  await chmod(await fileAt(folder, 'script.sh'), 0o755);
  await chmod(join(folder, 'empty folder'), 0o700);
  await writeFile(join(folder, `${'long'.repeat(60)}.txt`), 'a long name');
  // Names are bytes to Linux; macOS refuses those that are not UTF-8.
  if (process.platform === 'linux')
    await writeFile(Buffer.concat([Buffer.from(`${folder}/latin1-`), Buffer.from([0xe4, 0xff])]), 'bytes');
};

const fileAt = async (folder: string, name: string): Promise<string> => {
  await writeFile(join(folder, name), name);
  return join(folder, name);
};

const text = (index: number, size: number): string =>
  `Document ${index}: an ordinary sentence that compresses well. `.repeat(size / 50).slice(0, size);

/** The same bytes for the same seed, and no compressor makes them smaller. */
const noise = (seed: string, size: number): Buffer =>
  createHash('shake256', { outputLength: size }).update(seed).digest();
