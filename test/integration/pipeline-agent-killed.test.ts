// Linux ends the programs with the agent (setpriv --pdeathsig). Elsewhere the next agent does, from the register.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { groupGone } from '../../src/tools/group-signal.js';
import { killProcessGroup, processStartTime } from '../../src/tools/process-group.js';
import { putOnPath } from '../support/programs.js';

const AGENT = fileURLToPath(new URL('../fixtures/programs/agent/agent.ts', import.meta.url));
const PROGRAMS = 3;

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Started {
  pid: number;
  startTime: string;
}

const startAgent = async (): Promise<{ agent: ChildProcess; programs: Started[] }> => {
  putOnPath('hangs');
  const agent = spawn(process.execPath, ['--import', 'tsx', AGENT], { stdio: ['ignore', 'pipe', 'ignore'] });
  const programs: Started[] = [];
  for await (const line of createInterface({ input: agent.stdout })) {
    programs.push(JSON.parse(line));
    if (programs.length === PROGRAMS) break;
  }
  return { agent, programs };
};

const killed = async (agent: ChildProcess): Promise<void> => {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const exit = once(agent, 'exit');
  agent.kill('SIGKILL');
  await exit;
};

describe('an agent that is killed with SIGKILL', () => {
  it.runIf(process.platform === 'linux')('takes every program that it started with it', async () => {
    const { agent, programs } = await startAgent();
    for (const { pid, startTime } of programs) expect(await processStartTime(pid)).toBe(startTime);
    await killed(agent);
    await expect
      .poll(() => Promise.all(programs.map(({ pid }) => processStartTime(pid))), { timeout: 60_000 })
      .toEqual([null, null, null]);
    for (const program of programs) await killProcessGroup(program);
  });

  it('leaves nothing that its successor could not end by pid and start time', async () => {
    const { agent, programs } = await startAgent();
    for (const program of programs) await killProcessGroup(program);
    const gone = await Promise.all(programs.map(({ pid }) => groupGone(pid, 0)));
    await killed(agent);
    expect(gone).toEqual([true, true, true]);
  });
});
