// A process group that another process may have started: known by its leader's pid and start time, since pids come again.
import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';
import { groupGone, signalGroup } from './group-signal.js';
import { readProcStat } from './proc-stat.js';
import { runProgram } from './process.js';

/** Tells two processes of the same pid apart, over restarts of the machine too; null: there is none. A text to compare, no more. */
export const processStartTime = async (pid: number): Promise<string | null> =>
  process.platform === 'linux' ? await startTimeFromProc(pid) : await startTimeFromPs(pid);

const GONE_WITHIN_MS = 10_000;

/**
 * Kills the group that this process leads, and waits until it is gone. Does nothing when the pid is another process's by now.
 * @throws STALLED when it does not die (a process that waits for a broken disk cannot)
 */
export const killProcessGroup = async ({
  pid,
  startTime,
}: {
  pid: number;
  startTime: string;
}): Promise<void> => {
  if ((await processStartTime(pid)) !== startTime) return;
  signalGroup(pid, 'SIGKILL');
  if (!(await groupGone(pid, GONE_WITHIN_MS))) {
    throw new Failure('STALLED', `process group ${pid} does not die`);
  }
};

const startTimeFromProc = async (pid: number): Promise<string | null> => {
  const stat = await readProcStat(pid);
  if (stat === null || stat.dead) return null;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}:${stat.startTicks}`;
};

const startTimeFromPs = async (pid: number): Promise<string | null> => {
  try {
    const { stdout } = await runProgram({ program: 'ps', args: ['-o', 'lstart=', '-p', String(pid)] });
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
};
