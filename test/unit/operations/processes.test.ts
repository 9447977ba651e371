import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endOrphans, processRegister } from '../../../src/operations/agent/processes.js';
import { createStateFolder } from '../../../src/operations/state-folder.js';
import { processStartTime } from '../../../src/tools/process-group.js';

let state: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-processes-'));
  await createStateFolder(state);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(state, { recursive: true, force: true });
});

/** A program that leads a group of its own, with a child in it. */
const startGroup = async (): Promise<{ pid: number; ended: Promise<unknown> }> => {
  const child = spawn('sh', ['-c', 'sleep 3600 & echo ready; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const ended = once(child, 'close');
  if (child.stdout) await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, ended };
};

const files = () => readdir(join(state, 'processes'));

it('remembers what runs, and forgets it when it has ended', async () => {
  const register = processRegister(state);
  const { pid } = await startGroup();
  await register.started(pid, 'pg_dump');
  expect(await files()).toEqual([`${pid}.json`]);
  await register.ended(pid);
  await register.ended(pid);
  expect(await files()).toEqual([]);
});

it('kills what a dead agent left running, with everything that it had started', async () => {
  const { pid, ended } = await startGroup();
  await processRegister(state).started(pid, 'pg_dump');
  await endOrphans(state);
  await ended; // stdout is closed: the child that inherited it is gone too
  expect(await processStartTime(pid)).toBeNull();
  expect(await files()).toEqual([]);
});

it('leaves a process alone that has got the pid of one that was recorded', async () => {
  const { pid } = await startGroup();
  const startTime = 'another boot:1';
  await writeFile(
    join(state, 'processes', `${pid}.json`),
    JSON.stringify({ pid, startTime, program: 'zstd' }),
  );
  await endOrphans(state);
  expect(await processStartTime(pid)).not.toBeNull();
  expect(await files()).toEqual([]);
});

it('passes over records that are damaged or whose process is gone', async () => {
  const { pid, ended } = await startGroup();
  await processRegister(state).started(pid, 'pg_dump');
  await writeFile(join(state, 'processes', '1.json'), '{"pid": 1, "star');
  await writeFile(join(state, 'processes', '2.json'), JSON.stringify({ pid: 999_999_999, startTime: 'x' }));
  await endOrphans(state);
  await ended;
  expect(await files()).toEqual([]);
});

it('has nothing to end in a new state folder, and removes what was being written', async () => {
  await rm(join(state, 'processes'), { recursive: true });
  await writeFile(join(state, 'operations', 'edms.json.0123456789ab.tmp'), '');
  await endOrphans(state);
  expect(await files()).toEqual([]);
  expect(await readdir(join(state, 'operations'))).toEqual([]);
});
