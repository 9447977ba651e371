// A whole process group, known by its leader's pid: whatever a program has started goes with it.
import { setTimeout as delay } from 'node:timers/promises';
import { allProcStats } from './proc-stat.js';

/** Does nothing where the group is gone, or is not ours. */
export const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  send(pid, signal);
};

const POLL_MS = 10;

/** Waits until nothing of the group runs; false when something still does after so long. */
export const groupGone = async (pid: number, withinMs: number): Promise<boolean> => {
  for (let waited = 0; await groupLives(pid); waited += POLL_MS) {
    if (waited >= withinMs) return false;
    await delay(POLL_MS);
  }
  return true;
};

const groupLives = async (pid: number): Promise<boolean> => {
  if (!send(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  return (await allProcStats()).some(({ group, dead }) => group === pid && !dead);
};

/** Whether there was anything to send it to. EPERM: another user's group, or on macOS one of zombies only. */
const send = (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean => {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false;
    throw error;
  }
};
