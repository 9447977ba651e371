import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ensureEmbeddedServer, stopEmbeddedServer } from '../../src/temporal/embedded-server.js';
import { USUAL_PORTS } from '../../src/temporal/server-ports.js';
import { databaseFile, readServerRecord, writeServerRecord } from '../../src/temporal/server-record.js';
import {
  httpStatus,
  isAlive,
  removeState,
  startIdleRun,
  statusOf,
  temporaryState,
  withClient,
} from '../support/embedded-server.js';

let state: string;
beforeEach(async () => {
  state = await temporaryState();
});
afterEach(() => removeState(state));

const recorded = async () => {
  const record = await readServerRecord(state);
  if (record === null) throw new Error('there is no server.json');
  return record;
};

const moved = async () =>
  (await readdir(join(state, 'temporal'))).filter((name) => name.includes('.broken-'));

test('a second call adopts the server that the first one started', async () => {
  const first = await ensureEmbeddedServer(state);
  const second = await ensureEmbeddedServer(state);
  expect(first.adopted).toBe(false);
  expect(second).toEqual({ ...first, adopted: true });
});

test('the secret Host name is readable by its owner only', async () => {
  await ensureEmbeddedServer(state);
  const mode = async (path: string) => (await stat(join(state, path))).mode & 0o777;
  expect(await mode('temporal')).toBe(0o700);
  expect(await mode('temporal/server.json')).toBe(0o600);
});

test('the HTTP API answers to the secret Host name and refuses every other one', async () => {
  const { httpUrl, httpHost } = await ensureEmbeddedServer(state);
  expect(await httpStatus(httpUrl, httpHost)).toBe(200);
  expect(await httpStatus(httpUrl, new URL(httpUrl).host)).toBe(403);
  expect(await httpStatus(httpUrl, 'localhost')).toBe(403);
});

test('the namespace keeps closed runs for 30 days, also after another start', async () => {
  const retention = async () => {
    const { address } = await ensureEmbeddedServer(state);
    return withClient(address, async ({ workflowService }) => {
      const { config } = await workflowService.describeNamespace({ namespace: 'holdfast' });
      return tsToMs(config?.workflowExecutionRetentionTtl) / 86_400_000;
    });
  };
  expect(await retention()).toBe(30);
  await stopEmbeddedServer(state);
  expect(await retention()).toBe(30);
});

/** So that a server takes ports of its own, which nobody else picks in the moment between its end and the next one's start. */
const holdUsualPorts = async () => {
  const servers = Object.values(USUAL_PORTS).map((port) => {
    const server = createServer().on('error', () => undefined);
    return new Promise<typeof server>((resolve) => {
      server.once('error', () => resolve(server)).listen(port, '127.0.0.1', () => resolve(server));
    });
  });
  const held = await Promise.all(servers);
  return () => {
    for (const server of held) server.close();
  };
};

test('a killed server is replaced on the same ports, and the runs it acknowledged are still there', async () => {
  onTestFinished(await holdUsualPorts());
  const first = await ensureEmbeddedServer(state);
  await startIdleRun(first.address, 'holdfast.edms.backup');
  process.kill(first.pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await isAlive(first.pid)).toBe(false), {
    timeout: 60_000,
    interval: 50,
  });
  const second = await ensureEmbeddedServer(state);
  expect(second).toEqual({ ...first, pid: second.pid });
  expect(second.pid).not.toBe(first.pid);
  expect(await statusOf(second.address, 'holdfast.edms.backup')).toBe('RUNNING');
});

test('a server that hangs is ended and replaced', async () => {
  const first = await ensureEmbeddedServer(state);
  await startIdleRun(first.address, 'holdfast.edms.backup');
  process.kill(first.pid, 'SIGSTOP');
  const second = await ensureEmbeddedServer(state);
  expect(await isAlive(first.pid)).toBe(false);
  expect(await statusOf(second.address, 'holdfast.edms.backup')).toBe('RUNNING');
});

test('a server that nobody wrote down is ended before another opens the same file', async () => {
  const first = await ensureEmbeddedServer(state);
  await rm(join(state, 'temporal/server.json'));
  const second = await ensureEmbeddedServer(state);
  expect(second.adopted).toBe(false);
  expect(await isAlive(first.pid)).toBe(false);
});

test('a process that got the pid of the recorded server is neither adopted nor ended', async () => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  await writeServerRecord(state, { ...(await recorded()), pid: process.pid });
  const second = await ensureEmbeddedServer(state);
  expect(second.adopted).toBe(false);
});

test('a port that somebody else took meanwhile is left to them', async () => {
  const first = await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  const port = Number(new URL(`http://${first.address}`).port);
  const other = createServer().listen(port, '127.0.0.1');
  try {
    const second = await ensureEmbeddedServer(state);
    expect(second.address).not.toBe(first.address);
    expect(second.httpUrl).toBe(first.httpUrl);
  } finally {
    other.close();
  }
});

test.for([
  { what: 'an empty file', text: '' },
  { what: 'a file of something else', text: 'no database\n'.repeat(5000) },
])('$what in place of the history is moved aside and said', async ({ text }) => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  for (const end of ['-wal', '-shm']) await rm(`${databaseFile(state)}${end}`, { force: true });
  await writeFile(databaseFile(state), text);
  const server = await ensureEmbeddedServer(state);
  const [aside = ''] = await moved();
  expect(server.notices).toEqual([expect.stringContaining(aside)]);
  expect((await readFile(join(state, 'temporal', aside), 'latin1')).startsWith(text)).toBe(true);
  await startIdleRun(server.address, 'holdfast.edms.backup');
});

test('a history that was cut short is moved aside', async () => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  await truncate(`${databaseFile(state)}-wal`, 0);
  await truncate(databaseFile(state), 2000);
  const server = await ensureEmbeddedServer(state);
  expect(server.notices).toHaveLength(1);
  expect(await moved()).not.toEqual([]);
});

test('a first creation that was killed half-way starts over, and nothing is moved aside', async () => {
  const starting = ensureEmbeddedServer(state);
  const half = await vi.waitFor(
    async () => {
      expect((await stat(databaseFile(state))).size).toBeGreaterThan(0);
      return await recorded();
    },
    { timeout: 60_000, interval: 1 },
  );
  process.kill(half.pid, 'SIGKILL');
  expect(half.ready).toBe(false);
  await expect(starting).rejects.toThrow('did not start');
  const server = await ensureEmbeddedServer(state);
  expect(server.notices).toEqual([]);
  expect(await moved()).toEqual([]);
  await startIdleRun(server.address, 'holdfast.edms.backup');
});

test('before another version of the CLI opens the history, the one before gets a copy', async () => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  await writeServerRecord(state, { ...(await recorded()), version: '1.8.2' });
  const before = await readFile(`${databaseFile(state)}-wal`);
  await ensureEmbeddedServer(state);
  expect(before.equals(await readFile(`${databaseFile(state)}.1.8.2.bak-wal`))).toBe(true);
  expect((await recorded()).version).not.toBe('1.8.2');
});

test('a server that cannot start says why, and the history stays where it is', async () => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  vi.stubEnv('TEMPORAL_CLI_PATH', fileURLToPath(new URL('../fixtures/temporal-full-disk', import.meta.url)));
  try {
    await expect(ensureEmbeddedServer(state)).rejects.toMatchObject({
      code: 'TEMPORAL_UNREACHABLE',
      evidence: expect.stringContaining('disk is full'),
    });
  } finally {
    vi.unstubAllEnvs();
  }
  expect(await moved()).toEqual([]);
  expect((await ensureEmbeddedServer(state)).notices).toEqual([]);
});

test('servers that start at the same moment are each their own, whatever port both wanted', async () => {
  const others = await Promise.all([temporaryState(), temporaryState()]);
  onTestFinished(async () => {
    for (const other of others) await removeState(other);
  });
  const servers = await Promise.all([state, ...others].map((one) => ensureEmbeddedServer(one)));
  expect(new Set(servers.map(({ address }) => address)).size).toBe(3);
  expect(await Promise.all(servers.map(({ pid }) => isAlive(pid)))).toEqual([true, true, true]);
  for (const { httpUrl, httpHost } of servers) expect(await httpStatus(httpUrl, httpHost)).toBe(200);
});
