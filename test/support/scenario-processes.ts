// The process table, as far as it belongs to one story: what holdfast starts inherits the USER that the story gave it.
import { readdir, readFile } from 'node:fs/promises';

export interface StoryProcess {
  pid: number;
  /** Its command line, with spaces between the words. */
  words: string;
}

/** Whatever runs with that USER; a zombie has ended. Linux only: elsewhere there is no /proc to look into. */
export const processesOf = async (user: string): Promise<StoryProcess[]> => {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => storyProcess(pid, user)));
  return found.flatMap((one) => one ?? []);
};

/** The programs of backups and restores: all but server, supervisor, agent and commands. */
export const programsOf = async (user: string): Promise<StoryProcess[]> =>
  (await processesOf(user)).filter(({ words }) => !SERVING.test(words));

const SERVING = /(bin\/holdfast\.js|dist\/worker\.js|temporal\S* server start-dev)/;

/** For the end of a story, whatever happened in it. */
export const killAll = async (user: string): Promise<void> => {
  for (const { pid } of await processesOf(user)) killQuietly(pid);
};

const storyProcess = async (pid: number, user: string): Promise<StoryProcess | null> => {
  const environment = await textOf(pid, 'environ');
  if (!environment.split('\0').includes(`USER=${user}`)) return null;
  const words = (await textOf(pid, 'cmdline')).split('\0').join(' ').trim();
  return words === '' ? null : { pid, words };
};

const textOf = (pid: number, file: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');

const killQuietly = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};
