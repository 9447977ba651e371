import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callHolder, isLocked, lockStateFolder } from '../../src/operations/agent/agent-lock.js';
import { removeState, temporaryState } from '../support/embedded-server.js';
import { startFixture } from '../support/node-process.js';

let state: string;
beforeEach(async () => {
  state = await temporaryState();
});
afterEach(() => removeState(state));

/** Linux has sockets without files; elsewhere the lock is a socket file. */
const PLATFORMS = ['linux', 'darwin'];
const here = process.platform;
const pretend = (platform: string) => Object.defineProperty(process, 'platform', { value: platform });
afterEach(() => {
  pretend(here);
});

test('a second agent on the same state folder is refused and told who holds it', async () => {
  const lock = await lockStateFolder(state, 'agent');
  await expect(lockStateFolder(state, 'agent')).rejects.toMatchObject({
    code: 'AGENT_RUNNING',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await lock.release();
});

test('a released lock can be taken again', async () => {
  await (await lockStateFolder(state, 'agent')).release();
  expect(await isLocked(state, 'agent')).toBe(false);
  const again = await lockStateFolder(state, 'agent');
  expect(await isLocked(state, 'agent')).toBe(true);
  await again.release();
});

test('agent and supervisor do not exclude each other', async () => {
  const agent = await lockStateFolder(state, 'agent');
  const supervisor = await lockStateFolder(state, 'supervisor');
  await supervisor.release();
  expect(await isLocked(state, 'agent')).toBe(true);
  await agent.release();
});

test('the folder is locked whatever path leads to it, and not its name', async () => {
  const folder = join(state, 'one');
  await mkdir(folder);
  const lock = await lockStateFolder(folder, 'agent');
  await symlink(folder, join(state, 'link'));
  expect(await isLocked(join(state, 'link'), 'agent')).toBe(true);
  await rename(folder, join(state, 'moved'));
  await mkdir(folder);
  expect(await isLocked(folder, 'agent')).toBe(false);
  expect(await isLocked(join(state, 'moved'), 'agent')).toBe(true);
  await lock.release();
});

test('a holder knows who needs it, and answers nobody any more once it hung up', async () => {
  expect(await callHolder(state, 'supervisor')).toBe(null);
  const lock = await lockStateFolder(state, 'supervisor');
  expect(await isLocked(state, 'supervisor')).toBe(true);
  expect(lock.callers.lastAt()).toBe(0);
  const calls = [await callHolder(state, 'supervisor'), await callHolder(state, 'supervisor')];
  for (const call of calls) {
    const before = Date.now();
    expect(lock.callers.lastAt()).toBeGreaterThanOrEqual(before);
    call?.hangUp();
  }
  await vi.waitFor(() => expect(lock.callers.lastAt()).toBeLessThan(Date.now()));
  expect(lock.callers.lastAt()).toBeGreaterThan(0);
  await callHolder(state, 'supervisor');
  lock.callers.hangUp();
  expect(await callHolder(state, 'supervisor')).toBe(null);
  expect(await isLocked(state, 'supervisor')).toBe(true);
  await lock.release();
});

test('a folder that does not exist is not locked', async () => {
  expect(await isLocked(join(state, 'nowhere'), 'agent')).toBe(false);
});

test.for(PLATFORMS)('the lock of a killed process is free at once (%s)', async (platform) => {
  pretend(platform);
  const holder = startFixture('hold-lock.ts', [state, 'agent', platform]);
  await holder.says('held');
  await expect(lockStateFolder(state, 'agent')).rejects.toThrow(`process ${holder.pid}`);
  holder.kill('SIGKILL');
  expect(await holder.ended).toBe('SIGKILL');
  const lock = await lockStateFolder(state, 'agent');
  await lock.release();
});
