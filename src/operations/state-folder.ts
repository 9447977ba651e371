// The state folder: where everything that a host knows lies, and how it is written so that a power cut leaves old or new.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../domain/failure.js';
import { makeFolders, syncFolder, writeDurably } from '../tools/sync.js';

export const operationsFolder = (state: string): string => join(state, 'operations');
export const operationFile = (state: string, deployment: string): string =>
  join(operationsFolder(state), `${deployment}.json`);
/** Part files and credentials of one operation; removed with it. */
export const scratchFolder = (state: string, operation: string): string => join(state, 'runs', operation);
/** Where drills unpack file trees, and what they left on a second server. */
export const drillFolder = (state: string): string => join(state, 'drill');
/** What runs for one operation, a file a process. */
export const processesFolder = (state: string): string => join(state, 'processes');
/** What restores replaced, a file a restore. */
export const keptFolder = (state: string, deployment: string): string => join(state, 'kept', deployment);

/** What restores that wait for their approval are about to read, a file a restore. */
export const holdsFolder = (state: string, deployment: string): string => join(state, 'holds', deployment);

/** What `prune` removes now, a file a backup, in a folder for each repository. */
export const removalsFolder = (state: string, deployment: string, repository: string): string =>
  join(state, 'removals', deployment, repository);

/** Creates the state folder and its parts: private to this user. */
export const createStateFolder = async (state: string): Promise<void> => {
  for (const folder of [
    state,
    operationsFolder(state),
    join(state, 'runs'),
    processesFolder(state),
    drillFolder(state),
    join(state, 'kept'),
  ]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
};

/** Replaces a JSON file: temporary file, fsync, rename, fsync of the folder. */
export const replaceJson = (path: string, value: unknown): Promise<void> =>
  replaceBytes(path, jsonText(value));

/** Replaces any file in the same way. */
export const replaceBytes = (path: string, bytes: Buffer | string): Promise<void> =>
  withTemporary(path, bytes, async (temporary) => {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });

/** Creates a JSON file; false when there is one already, which stays as it is. */
export const createJson = (path: string, value: unknown): Promise<boolean> =>
  withTemporary(path, jsonText(value), async (temporary) => {
    const created = await link(temporary, path).then(
      () => true,
      (error: unknown) => {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      },
    );
    await syncFolder(dirname(path));
    return created;
  });

/** null when there is none. Failure STATE_DAMAGED, with the hint, when it is no JSON. */
export const readJson = async (path: string, hint?: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  try {
    return text === null ? null : JSON.parse(text);
  } catch (cause) {
    throw new Failure('STATE_DAMAGED', `${path} is damaged: it is not JSON`, { hint, cause });
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

const FOLDERS = [
  ...['operations', 'drill', 'kept', 'holds', 'runs', 'cache'],
  ...['keys', 'log', 'removals', 'notify'],
];

/** Removes what a killed agent was writing. Only under the agent's lock. */
export const removeTemporaries = async (state: string): Promise<void> => {
  for (const folder of FOLDERS) {
    const names = await readdir(join(state, folder), { recursive: true }).catch(() => []);
    for (const name of names.filter(isTemporary)) await rm(join(state, folder, name), { force: true });
  }
  const own = (await readdir(state)).filter((name) => /^(agent|instance|pauses)\.json\./.test(name));
  for (const name of own.filter(isTemporary)) await rm(join(state, name), { force: true });
};

const isTemporary = (name: string): boolean => /\.[0-9a-f]{12}\.tmp$/.test(name);

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const withTemporary = async <T>(
  path: string,
  bytes: Buffer | string,
  use: (temporary: string) => Promise<T>,
): Promise<T> => {
  await makeFolders(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeDurably(temporary, bytes);
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
