import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { groupGone } from '../../../src/tools/group-signal.js';
import { parseProcStat } from '../../../src/tools/proc-stat.js';
import { killProcessGroup, processStartTime } from '../../../src/tools/process-group.js';

/** A shell and a child of its own, that both wait; its pid. */
const startGroup = async (): Promise<{ child: ChildProcess; pid: number }> => {
  const child = spawn('sh', ['-c', 'sleep 3600 & echo started; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return { child, pid: child.pid ?? 0 };
};

describe('a process', () => {
  it('is told apart by when it started', async () => {
    const own = await processStartTime(process.pid);
    expect(own).toMatch(/\d/);
    expect(await processStartTime(process.pid)).toBe(own);
    expect(await processStartTime(2 ** 30)).toBeNull();
  });

  it('is found in the kernel’s line whatever it is called', () => {
    const line = `17 (a) R (b c) S 1 4242 17 0 -1 4194560 ${Array.from({ length: 12 }, (_, n) => n).join(' ')} 987654 0 0`;
    expect(parseProcStat(line)).toEqual({ group: 4242, startTicks: '987654', dead: false });
    expect(parseProcStat(line.replace(') S ', ') Z '))?.dead).toBe(true);
    expect(parseProcStat('')).toBeNull();
  });
});

describe('a process group', () => {
  it('is killed with everything in it, when the start time is the recorded one', async () => {
    const { pid } = await startGroup();
    const startTime = (await processStartTime(pid)) ?? '';
    await killProcessGroup({ pid, startTime: 'of another process' });
    expect(await groupGone(pid, 0)).toBe(false);
    await killProcessGroup({ pid, startTime });
    expect(await groupGone(pid, 0)).toBe(true);
    await killProcessGroup({ pid, startTime });
  });
});
