// The state folder: where everything that a host knows lies, and how it is written so that a power cut leaves old or new.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../tools/sync.js';

export const operationsFolder = (state: string): string => join(state, 'operations');
export const operationFile = (state: string, deployment: string): string =>
  join(operationsFolder(state), `${deployment}.json`);
/** Part files and credentials of one operation; removed with it. */
export const scratchFolder = (state: string, operation: string): string => join(state, 'runs', operation);
/** What runs for one operation, a file a process. */
export const processesFolder = (state: string): string => join(state, 'processes');
/** What restores replaced, a file a restore. */
export const keptFolder = (state: string, deployment: string): string => join(state, 'kept', deployment);

/** Creates the state folder and its parts: private to this user. */
export const createStateFolder = async (state: string): Promise<void> => {
  for (const folder of [
    state,
    operationsFolder(state),
    join(state, 'runs'),
    processesFolder(state),
    join(state, 'kept'),
  ]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
};

/** Replaces a JSON file: temporary file, fsync, rename, fsync of the folder. */
export const replaceJson = async (path: string, value: unknown): Promise<void> => {
  const temporary = await writeTemporary(path, value);
  await rename(temporary, path);
  await syncFolder(dirname(path));
};

/** Creates a JSON file; false when there is one already, which stays as it is. */
export const createJson = async (path: string, value: unknown): Promise<boolean> => {
  const temporary = await writeTemporary(path, value);
  try {
    await link(temporary, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
};

/** null when there is none. */
export const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};

/** Names without `.json` of a folder's JSON files; a folder that is not there has none. */
export const listJson = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => /^[a-z0-9][a-z0-9-]*\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length));
};

/** Gone already is fine. Durable when it returns. */
export const removeFile = async (path: string): Promise<void> => {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
};

const writeTemporary = async (path: string, value: unknown): Promise<string> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
