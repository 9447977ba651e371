// A process group that another process may have started: known by its leader's pid and start time, since pids come again.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../domain/failure.js';
import { groupExists, signalGroup } from './group-signal.js';
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
  for (let waited = 0; await groupLives(pid); waited += POLL_MS) {
    if (waited >= GONE_WITHIN_MS) throw new Failure('STALLED', `process group ${pid} does not die`);
    await delay(POLL_MS);
  }
};

const POLL_MS = 10;

interface ProcStat {
  state: string;
  group: number;
  startTicks: string;
}

const startTimeFromProc = async (pid: number): Promise<string | null> => {
  const stat = await readStat(pid);
  if (stat === null || isDead(stat)) return null;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}:${stat.startTicks}`;
};

/** proc(5): `pid (comm) state ppid pgrp … starttime …`; comm may hold spaces and parentheses. */
const readStat = async (pid: number): Promise<ProcStat | null> => {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const [state, , group, ...rest] = line.slice(line.lastIndexOf(') ') + 2).split(' ');
  const startTicks = rest[16];
  return state === undefined || startTicks === undefined ? null : { state, group: Number(group), startTicks };
};

/** A zombie does nothing any more; where nobody reaps it, it stays for ever. */
const isDead = ({ state }: ProcStat): boolean => state === 'Z' || state === 'X';

const startTimeFromPs = async (pid: number): Promise<string | null> => {
  try {
    const { stdout } = await runProgram({ program: 'ps', args: ['-o', 'lstart=', '-p', String(pid)] });
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
};

const groupLives = async (group: number): Promise<boolean> => {
  if (!groupExists(group)) return false;
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readStat(Number(pid))));
  return stats.some((stat) => stat !== null && stat.group === group && !isDead(stat));
};
