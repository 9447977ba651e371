// A private folder for as long as this process needs it. Its name says whose it is, so that what a killed process left can go.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param above exists @param kind what its name begins with */
export const withOwnFolder = async <T>(
  { above, kind }: { above: string; kind: string },
  use: (folder: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(above, `${kind}-${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** In the host's folder for temporary files. */
export const withTemporaryFolder = async <T>(
  kind: string,
  use: (folder: string) => Promise<T>,
): Promise<T> => {
  const place = { above: tmpdir(), kind };
  const sweep = swept.get(kind) ?? removeLeftFolders(place);
  swept.set(kind, sweep);
  await sweep;
  return withOwnFolder(place, use);
};

const swept = new Map<string, Promise<void>>();

/**
 * Those that killed processes left. Before this process makes its first one: a number may be its own by then, and somebody
 * else's before. What is another user's stays.
 */
export const removeLeftFolders = async ({ above, kind }: { above: string; kind: string }): Promise<void> => {
  for (const name of await readdir(above).catch(() => []))
    if (isLeft(name, kind))
      await rm(join(above, name), { recursive: true, force: true }).catch(() => undefined);
};

const isLeft = (name: string, kind: string): boolean => {
  if (!name.startsWith(`${kind}-`)) return false;
  const pid = Number(/^(\d+)-/.exec(name.slice(kind.length + 1))?.[1] ?? 0);
  return pid > 0 && (pid === process.pid || !isRunning(pid));
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
