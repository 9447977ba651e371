// Making changes survive a power cut: fsync of a file, of a folder after a rename, sync(1) for everything below a path.
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../domain/failure.js';
import { runProgram } from './process.js';

/** fsync(2) of a folder: the names in it are durable when it returns. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** A private file (0600) that is not there yet: its bytes are durable when it returns, its name when its folder is synced. */
export const writeDurably = async (path: string, bytes: Buffer | string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    // A full disk does not say which one it is.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    await file.close();
  }
};

/**
 * A private folder (0700) and those above it that are missing; their names are durable when it returns. One by one: Node's
 * recursive mkdir calls a full disk and a read-only one ENOENT.
 */
export const makeFolders = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    return makeFolders(path);
  }
  await syncFolder(dirname(path));
};

/** syncfs(2) through `sync --file-system`: tar syncs nothing by itself. */
export const syncFilesystem = async (path: string): Promise<void> => {
  const args = process.platform === 'linux' ? ['--file-system', path] : [];
  const { exitCode, stderr } = await runProgram({ program: 'sync', args });
  if (exitCode !== 0) throw new Failure('TOOL_FAILED', `sync failed (exit ${exitCode}): ${stderr.trim()}`);
};
