import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.js';
import { isServerProcessAlive, readServerRecord } from '../../src/temporal/server-record.js';
import {
  isAlive,
  removeState,
  startIdleRun,
  statusOf,
  temporaryState,
  withClient,
} from '../support/embedded-server.js';
import { type NodeProcess, startFixture } from '../support/node-process.js';

let state: string;
let running: NodeProcess[] = [];
beforeEach(async () => {
  state = await temporaryState();
});
afterEach(async () => {
  for (const one of running) {
    one.kill('SIGKILL');
    await one.ended;
  }
  running = [];
  await removeState(state);
});

const supervise = (args: string[] = [], env: NodeJS.ProcessEnv = {}): NodeProcess => {
  const started = startFixture('supervise.mjs', [state, ...args], { STAND_IN_STARTS: starts(), ...env });
  running.push(started);
  return started;
};

const starts = () => join(state, 'starts');
/** The pids of all agents so far. */
const agents = async () => (await readFile(starts(), 'utf8')).trim().split('\n').map(Number);
const newestAgent = async () => (await agents()).at(-1) ?? 0;

const server = async () => {
  const record = await readServerRecord(state);
  if (record === null) throw new Error('there is no server.json');
  return { ...record, address: `127.0.0.1:${record.port}` };
};

test('it starts server and agent, says so, and leaves nothing when it is told to stop', async () => {
  const up = supervise();
  await up.says(/Temporal server started \(process \d+\); its UI: http:.*\nsettled edms\nagent ready/);
  up.kill('SIGTERM');
  expect(await up.ended).toBe(0);
  expect(up.said()).toMatch(/stopping\nstopped\n$/);
  expect(await isServerProcessAlive(await server())).toBe(false);
  expect(await isAlive(await newestAgent())).toBe(false);
});

test('a second supervisor on the same state folder is refused', async () => {
  const first = supervise();
  await first.says('agent ready');
  const second = supervise();
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(`AGENT_RUNNING: holdfast up (process ${first.pid}) already serves`);
  expect(await agents()).toHaveLength(1);
});

test('a killed supervisor takes its agent with it, and the next one adopts its server', async () => {
  const first = supervise();
  await first.says('agent ready');
  const before = await server();
  first.kill('SIGKILL');
  await first.ended;
  const agent = await newestAgent();
  await vi.waitFor(async () => expect(await isAlive(agent)).toBe(false), { timeout: 60_000, interval: 50 });
  expect(await isServerProcessAlive(before)).toBe(true);
  const second = supervise();
  await second.says(`Temporal server adopted (process ${before.pid})`);
  await second.says('agent ready');
});

test('a killed agent is started again', async () => {
  const up = supervise();
  await up.says('agent ready');
  process.kill(await newestAgent(), 'SIGKILL');
  await up.says(/the agent ended \(SIGKILL\); starting it again in 1 s\nsettled edms\nagent ready/);
  expect(await agents()).toHaveLength(2);
});

test('a killed server is replaced, its runs go on, and the agent keeps running', async () => {
  const up = supervise();
  await up.says('agent ready');
  const before = await server();
  await startIdleRun(before.address, 'holdfast.edms.backup');
  process.kill(before.pid, 'SIGKILL');
  await up.says(/the Temporal server is gone\nTemporal server started/);
  const after = await server();
  expect(after.address).toBe(before.address);
  expect(await statusOf(after.address, 'holdfast.edms.backup')).toBe('RUNNING');
  expect(await agents()).toHaveLength(1);
});

test('a server that hangs is replaced', async () => {
  const up = supervise();
  await up.says('agent ready');
  process.kill((await server()).pid, 'SIGSTOP');
  await up.says(/the Temporal server does not answer\nTemporal server started/);
});

test('an agent that fails at its first start ends the supervisor with the agent’s own words', async () => {
  const up = supervise([], { STAND_IN_FAILURE: 'deployments.edms is wrong' });
  expect(await up.ended).toBe(1);
  expect(up.said()).toContain('CONFIG_INVALID: deployments.edms is wrong (mend it)');
  expect(await isServerProcessAlive(await server())).toBe(false);
});

test('--once stays while its command lives, and goes with it', async () => {
  const up = supervise(['once']);
  await up.says('agent ready');
  up.endInput();
  expect(await up.ended).toBe(0);
  expect(await isServerProcessAlive(await server())).toBe(false);
});

test('--once ends when it is told to, even with a run open', async () => {
  const up = supervise(['once']);
  await up.says('agent ready');
  await startIdleRun((await server()).address, 'holdfast.edms.backup');
  up.kill('SIGTERM');
  expect(await up.ended).toBe(0);
  expect(await isServerProcessAlive(await server())).toBe(false);
});

test('--once stays until the last open run is closed', async () => {
  const up = supervise(['once']);
  await up.says('agent ready');
  const { address } = await server();
  await startIdleRun(address, 'holdfast.edms.backup');
  up.endInput();
  let ended = false;
  void up.ended.then(() => {
    ended = true;
  });
  await adoptionsWhile(async () => {
    expect(ended).toBe(false);
  });
  await withClient(address, (client) => client.workflow.getHandle('holdfast.edms.backup').terminate());
  expect(await up.ended).toBe(0);
});

/** Long enough for a supervisor that does not look: it would have stopped the server. */
const adoptionsWhile = async (check: () => Promise<void>): Promise<void> => {
  const until = Date.now() + 4000;
  while (Date.now() < until) {
    expect((await ensureEmbeddedServer(state, { schedules: false })).adopted).toBe(true);
    await check();
  }
};
