// A process as Linux's /proc shows it.
import { readdir, readFile } from 'node:fs/promises';

export interface ProcStat {
  group: number;
  /** Clock ticks since the machine started. */
  startTicks: string;
  /** A zombie does nothing any more; where nobody reaps it, it stays for ever. */
  dead: boolean;
}

/** null: there is no such process. */
export const readProcStat = async (pid: number | string): Promise<ProcStat | null> => {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return parseProcStat(line);
};

/** proc(5): `pid (comm) state ppid pgrp … starttime …`; comm may hold spaces and parentheses. */
export const parseProcStat = (line: string): ProcStat | null => {
  const [state, , group, ...rest] = line.slice(line.lastIndexOf(') ') + 2).split(' ');
  const startTicks = rest[16];
  if (state === undefined || startTicks === undefined) return null;
  return { group: Number(group), startTicks, dead: state === 'Z' || state === 'X' };
};

export const allProcStats = async (): Promise<ProcStat[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(readProcStat));
  return stats.filter((stat) => stat !== null);
};
