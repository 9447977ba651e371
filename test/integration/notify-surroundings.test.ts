// What somebody who is told of trouble can fall back on: the same backups that `holdfast status` calls good.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { surroundingsOf } from '../../src/operations/notify/surroundings.js';
import { night } from '../support/pruned-world.js';
import { sampleEvent } from '../support/sample-event.js';
import { drilled, statusWorld, verified } from '../support/status-world.js';

const FAILED = sampleEvent();
const moment = (day: number): string => `2026-03-${day}T01:00:00.000Z`;

const world = async () => {
  const found = await statusWorld();
  await found.store(found.local, [17, 18, 19, 20]);
  return { ...found, look: () => surroundingsOf(FAILED, found.config) };
};

const damagedIn = (repository: string, damaged: string[]) => ({
  ...verified('2026-03-20T05:30:00.000Z', repository, [night(17), night(20)]),
  outcome: 'damaged',
  facts: { repository, copies: 4, oldest: night(17), newest: night(20), damaged },
});

it('names the newest backup, and the newest one that was restored', async () => {
  const { told, look } = await world();
  await told(drilled('2026-03-19T05:00:00.000Z', night(18)));
  expect(await look()).toMatchObject({
    newestGood: { backup: night(20), at: moment(20) },
    newestProved: { backup: night(18), at: '2026-03-19T05:00:00.000Z' },
    unknown: '',
  });
});

it('does not name one that was found damaged', async () => {
  const { told, look } = await world();
  await told(drilled('2026-03-19T05:00:00.000Z', night(20)), damagedIn('local', [night(20)]));
  expect(await look()).toMatchObject({ newestGood: { backup: night(19) }, newestProved: null });
});

it('does not name one that nobody has signed', async () => {
  const { look, local } = await world();
  await rm(join(local.path, 'edms', night(20), 'manifest.sig'));
  expect(await look()).toMatchObject({ newestGood: { backup: night(19) } });
});

it('one that is damaged in one repository and whole in another is still good', async () => {
  const { told, look, store, offsite } = await world();
  await store(offsite, [20]);
  await told(damagedIn('local', [night(20)]));
  expect(await look()).toMatchObject({ newestGood: { backup: night(20) } });
});

it('says why nothing is known when no repository answers', async () => {
  const { look, local, offsite } = await world();
  for (const { path } of [local, offsite]) {
    await rename(path, `${path}.away`).catch(() => mkdir(join(path, '..'), { recursive: true }));
    await writeFile(path, 'not a folder');
  }
  expect(await look()).toMatchObject({
    ...{ newestGood: null, newestProved: null },
    unknown: expect.stringMatching(/./),
  });
});

it('of a run for all deployments says where each one’s stands', async () => {
  const { config } = await world();
  expect(await surroundingsOf(sampleEvent({ deployment: '', what: 'verify' }), config)).toMatchObject({
    ...{ newestGood: null, newestProved: null },
    unknown: 'each deployment has its own: holdfast status',
  });
});
