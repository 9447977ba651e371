// Servers that have this state folder's database file open although server.json does not name them: their starter was killed
// before it could write that down. Two servers on one file would ruin it.
import { readdir, readFile } from 'node:fs/promises';
import { killProcessGroup, processStartTime } from '../tools/process-group.js';
import { databaseFile } from './server-record.js';

/** Linux only: elsewhere there is no /proc to look into. */
export const endStrayServers = async (state: string): Promise<void> => {
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name)).map(Number)) {
    if (!(await hasOpened(pid, databaseFile(state)))) continue;
    const startTime = await processStartTime(pid);
    if (startTime !== null) await killProcessGroup({ pid, startTime });
  }
};

const hasOpened = async (pid: number, file: string): Promise<boolean> => {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = text.split('\0');
  return words[1] === 'server' && words[words.indexOf('--db-filename') + 1] === file;
};
