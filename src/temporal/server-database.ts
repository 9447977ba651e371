// The embedded server's SQLite file. One whose first creation was interrupted never opens again, so a marker lies beside it
// until the server has answered once: nobody was told of that server, so nothing is lost with its file.
import { access, copyFile, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { syncFolder } from '../tools/sync.js';
import { databaseFile } from './server-record.js';

/** SQLite's own companions, without which the file is not complete. */
const COMPANIONS = ['', '-wal', '-shm', '-journal'];

/** Removes a half-created file and marks a new one as not yet created. */
export const beginCreation = async (state: string): Promise<void> => {
  if (await exists(marker(state))) await removeDatabase(state);
  if (await exists(databaseFile(state))) return;
  await (await open(marker(state), 'w', 0o600)).close();
  await syncFolder(dirname(marker(state)));
};

export const endCreation = (state: string): Promise<void> => rm(marker(state), { force: true });

/** Another version may change the file so that the one before cannot read it: that one gets a copy. */
export const keepForVersion = async (state: string, version: string): Promise<string | null> => {
  if (!(await exists(databaseFile(state)))) return null;
  const copy = `${databaseFile(state)}.${version}.bak`;
  for (const end of COMPANIONS) {
    await rm(`${copy}${end}`, { force: true });
    await copyFile(`${databaseFile(state)}${end}`, `${copy}${end}`).catch(ignoreMissing);
  }
  return copy;
};

/** Gives the name it has now. */
export const moveDatabaseAside = async (state: string, now: Date): Promise<string> => {
  const aside = `${databaseFile(state)}.broken-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  for (const end of COMPANIONS) {
    await rename(`${databaseFile(state)}${end}`, `${aside}${end}`).catch(ignoreMissing);
  }
  await syncFolder(dirname(aside));
  return basename(aside);
};

const removeDatabase = async (state: string): Promise<void> => {
  for (const end of COMPANIONS) await rm(`${databaseFile(state)}${end}`, { force: true });
};

const marker = (state: string): string => `${databaseFile(state)}.creating`;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const ignoreMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};
