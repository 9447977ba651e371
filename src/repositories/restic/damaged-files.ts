// Which files of a restic repository in a folder of this host are not what their names say: restic names each by the SHA-256
// of its contents.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../hash.js';

export interface DamagedFile {
  id: string;
  path: string;
  bytes: number;
}

/** @param folder `data`, `index` or `snapshots` of it */
export const damagedFilesIn = async (folder: string, signal: AbortSignal): Promise<DamagedFile[]> => {
  const damaged: DamagedFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/^[0-9a-f]{64}$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const { bytes, sha256 } = await digestOf(createReadStream(path, { highWaterMark: 1 << 20 }), () =>
      signal.throwIfAborted(),
    );
    if (sha256 !== entry.name) damaged.push({ id: entry.name, path, bytes });
  }
  return damaged;
};
