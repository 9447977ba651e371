// What runs for an operation, on disk: so that the next agent ends what a killed one left running.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessRegister } from '../../tools/process.js';
import { killProcessGroup, processStartTime } from '../../tools/process-group.js';
import { removeLeftKeys } from '../identity.js';
import { processesFolder, removeTemporaries } from '../state-folder.js';

export const processRegister = (state: string): ProcessRegister => {
  const file = (pid: number) => join(processesFolder(state), `${pid}.json`);
  return {
    started: async (pid, program) => {
      const startTime = await processStartTime(pid);
      if (startTime !== null)
        await writeFile(file(pid), JSON.stringify({ pid, startTime, program }), { mode: 0o600 });
    },
    ended: (pid) => rm(file(pid), { force: true }),
  };
};

/**
 * Kills every process that an earlier agent of this state folder recorded and that still runs, and removes the files that it
 * was writing. Only under the agent's lock.
 */
export const endOrphans = async (state: string): Promise<void> => {
  await removeTemporaries(state);
  await removeLeftKeys(state);
  const folder = processesFolder(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const recorded: unknown = await readFile(join(folder, name), 'utf8')
      .then(JSON.parse)
      .catch(() => null);
    if (isRecorded(recorded)) await killProcessGroup(recorded);
    await rm(join(folder, name), { force: true });
  }
};

const isRecorded = (value: unknown): value is { pid: number; startTime: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'pid') === 'number' &&
  typeof Reflect.get(value, 'startTime') === 'string';
