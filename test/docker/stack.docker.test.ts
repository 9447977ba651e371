// What the other Docker tests stand on: the stack is what it says, and a client sees when it is not served.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { live } from '../support/scenario-live.js';
import { upStack } from './stack.js';
import { DATABASE, fill, workOn } from './support/fill.js';
import { poll } from './support/poll.js';
import { statusesOf } from './support/states.js';

const stack = await upStack();
afterAll(() => stack.down());

const health = async (url: string) => {
  const answer = await fetch(`${url}/health`);
  return { status: answer.status, body: await answer.json() };
};

it('serves rows and files of its own, which can be told apart before and after somebody works', async () => {
  await fill(stack);
  const trees = [stack.paths.media, stack.paths.uploads];
  const before = await live(stack.cluster, { databases: [DATABASE], trees });
  await workOn(stack);
  const after = await live(stack.cluster, { databases: [DATABASE], trees });
  for (const tree of trees) expect(after.trees[tree]).not.toBe(before.trees[tree]);
  expect(after.databases).not.toEqual(before.databases);
  const [{ file } = { file: '' }] = await stack.cluster.query(
    DATABASE,
    'select file from note order by id desc limit 1',
  );
  expect(await readFile(join(stack.paths.media, String(file)), 'utf8')).toBe('written later');
  expect(await health(stack.url)).toMatchObject({ status: 200, body: { ok: true } });
});

it('is seen to be down for as long as its web application is stopped, and no longer', async () => {
  const client = poll(`${stack.url}/health`);
  await vi.waitFor(async () => expect((await health(stack.url)).status).toBe(200), {
    timeout: 60_000,
    interval: 50,
  });
  const stoppedAt = performance.now();
  await stack.compose('stop', 'web');
  expect(statusesOf(await stack.states())).toEqual({
    cache: 'running',
    db: 'running',
    web: 'exited',
    worker: 'running',
  });
  await stack.compose('start', 'web');
  const { downtimeMs, good, bad } = await client.stop();
  expect(downtimeMs).toBeGreaterThan(100);
  expect(downtimeMs).toBeLessThan(performance.now() - stoppedAt);
  expect(good).toBeGreaterThan(0);
  expect(bad).toBeGreaterThan(0);
});

it('answers 503 without its database, and recovers', async () => {
  await stack.compose('stop', 'db');
  expect((await health(stack.url)).status).toBe(503);
  await stack.compose('start', 'db');
  await vi.waitFor(async () => expect((await health(stack.url)).status).toBe(200), 60_000);
});
