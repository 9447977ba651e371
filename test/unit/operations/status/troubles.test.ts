// Runs that failed, as an agent hears of them and as `holdfast status` shows them at noon of 20 March 2026.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEffect } from '../../../../src/domain/effect.js';
import type { Happening } from '../../../../src/domain/events.js';
import { createTeller } from '../../../../src/operations/notify/tell.js';
import { happened } from '../../../support/notify-world.js';
import { night } from '../../../support/pruned-world.js';
import { drilled, wellWorld } from '../../../support/status-world.js';

const WHY = 'holdfast cannot log in to database edms: the password is wrong';

/** Nobody is told: there is no `notify`. */
const agentWorld = async () => {
  const world = await wellWorld();
  await world.agentRuns();
  const said: string[] = [];
  const { tell } = createTeller({
    ...{ state: world.state, effect: runEffect, config: world.config },
    loadConfig: async () => world.config,
    say: (line) => said.push(line),
    now: () => new Date('2026-03-20T12:00:00Z'),
  });
  return {
    ...world,
    hears: async (event: Partial<Happening>, at = '2026-03-20T09:00:00.000Z') => {
      await tell(happened({ at, cause: WHY, ...event }));
      expect(said).toEqual([]);
    },
    troubles: async (now?: Date) => {
      const { ok, deployments, findings } = await world.read(now);
      const all = [...findings, ...deployments.flatMap((one) => one.findings)];
      const messages = all.filter(({ message }) => /failed/.test(message));
      return { ok, found: messages.map(({ level, message, hint }) => `${level}: ${message} > ${hint}`) };
    },
  };
};

const WELL = { ok: true, found: [] };

it('a backup that failed is a problem with its cause, until its tier succeeds', async () => {
  const world = await agentWorld();
  await world.hears({});
  expect(await world.troubles()).toEqual({
    ok: false,
    found: [`problem: backup of edms (daily) failed 3 h ago: ${WHY} > holdfast backup edms --tier daily`],
  });
  await world.hears({ cause: 'the disk is full' }, '2026-03-20T11:00:00.000Z');
  expect((await world.troubles()).found).toEqual([
    expect.stringContaining('(daily) has failed for 3 h, the last time 1 h ago: the disk is full'),
  ]);
  await world.hears({ kind: 'succeeded', tier: 'weekly' });
  expect((await world.troubles()).ok).toBe(false);
  await world.hears({ kind: 'succeeded' });
  expect(await world.troubles()).toEqual(WELL);
});

it('an end that is told again is the same failure, and happened when it happened', async () => {
  const world = await agentWorld();
  await world.hears({ id: 'end-of-one-run' });
  await world.hears({ id: 'end-of-one-run' }, '2026-03-20T11:00:00.000Z');
  expect((await world.troubles()).found).toEqual([expect.stringContaining('(daily) failed 3 h ago')]);
});

it('a backup that is newer than the failure ends it, though nobody was told of its success', async () => {
  const world = await agentWorld();
  await world.hears({ tier: 'manual' }, '2026-03-19T12:00:00.000Z');
  await world.hears({}, '2026-03-19T12:00:00.000Z');
  expect(await world.troubles()).toEqual(WELL);
});

it('one by hand that failed is shown for a week, and a backup of whatever tier ends it', async () => {
  const world = await agentWorld();
  await world.hears({ tier: 'manual' });
  const { found } = await world.troubles();
  expect(found).toEqual([`problem: backup of edms (manual) failed 3 h ago: ${WHY} > holdfast backup edms`]);
  expect((await world.troubles(new Date('2026-03-27T08:00:00Z'))).found).toHaveLength(1);
  expect((await world.troubles(new Date('2026-03-27T10:00:00Z'))).found).toEqual([]);
  await world.store(world.local, [21]);
  expect((await world.troubles(new Date('2026-03-21T12:00:00Z'))).found).toEqual([]);
});

it('a restore that failed is a warning for a week, or until one ends well', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'restore', tier: '', cause: 'the application is not healthy' });
  expect(await world.troubles()).toEqual({
    ok: true,
    found: ['warning: restore of edms failed 3 h ago: the application is not healthy > holdfast doctor edms'],
  });
  expect((await world.troubles(new Date('2026-03-27T10:00:00Z'))).found).toEqual([]);
  await world.hears({ what: 'restore', tier: '', kind: 'restore-ended' });
  expect(await world.troubles()).toEqual(WELL);
});

it('what is tried again by itself is shown for as long as it fails', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'prune', tier: '' });
  expect((await world.troubles(new Date('2026-05-20T12:00:00Z'))).found).toEqual([
    expect.stringContaining('prune of edms failed 61 d ago'),
  ]);
});

it('copies that failed are a warning for a day, as those that are missing', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'copy', tier: '' });
  expect(await world.troubles()).toEqual({
    ok: true,
    found: [`warning: copy of edms failed 3 h ago: ${WHY} > holdfast copy edms`],
  });
  const { found } = await world.troubles(new Date('2026-03-21T12:00:00Z'));
  expect(found).toEqual([expect.stringContaining('problem: copy of edms failed 27 h ago')]);
});

it('what somebody cancelled, what was refused for another run, what is only late or overdue, and a tier that is no more, are no failures', async () => {
  const world = await agentWorld();
  await world.hears({ cause: 'cancelled' });
  await world.hears({ kind: 'late' });
  await world.hears({ kind: 'overdue' });
  await world.hears({ tier: 'manual', cause: 'a backup of edms is in progress', refused: true });
  await world.hears({ tier: 'hourly' });
  await world.hears({ deployment: 'shop', tier: 'manual' });
  expect(await world.troubles()).toEqual(WELL);
  await world.hears({}, '2026-03-20T10:00:00.000Z');
  await world.hears({ cause: 'cancelled' }, '2026-03-20T11:00:00.000Z');
  expect((await world.troubles()).found).toEqual([expect.stringContaining('(daily) failed 2 h ago')]);
});

it('a drill that failed is said once, and not after a newer proof', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'drill', tier: '' });
  expect((await world.troubles()).found).toEqual([
    `problem: drill of edms failed 3 h ago: ${WHY} > holdfast drill edms`,
  ]);
  const failed = { outcome: 'failed', facts: { reason: 'table public.a has 3 rows instead of 4' } };
  await world.told(drilled('2026-03-20T08:59:00.000Z', night(20), failed));
  expect((await world.troubles()).found).toEqual([expect.stringContaining('problem: the drill of 2026')]);
  await world.told(drilled('2026-03-20T09:30:00.000Z', night(20)));
  expect(await world.troubles()).toEqual(WELL);
});

it('damage that a verification found is said where it is', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'verify', tier: '', cause: '1 found; manifest.json is damaged' });
  expect((await world.troubles()).found).toEqual([
    expect.stringMatching(/^problem: verify of edms failed .* > holdfast verify --repair edms$/),
  ]);
  await writeFile(join(world.local.path, 'edms', night(19), 'manifest.json'), '{}');
  expect((await world.troubles()).found).toEqual([]);
});

it('damage that a verification of all deployments found is said where it is', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'verify', tier: '', deployment: '', cause: '1 found; manifest.json is damaged' });
  expect((await world.troubles()).found).toHaveLength(1);
  await writeFile(join(world.local.path, 'edms', night(19), 'manifest.json'), '{}');
  expect((await world.troubles()).found).toEqual([]);
});

it('troubles that cannot be read are said, and are not none', async () => {
  const world = await agentWorld();
  const folder = join(world.state, 'notify', 'troubles');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'edms'), '');
  await writeFile(join(folder, '_'), '');
  const { ok, deployments, findings } = await world.read();
  expect(ok).toBe(false);
  for (const found of [findings, deployments[0]?.findings])
    expect(found).toEqual([
      expect.objectContaining({ level: 'problem', message: expect.stringContaining(folder) }),
    ]);
});

it('a run for all deployments is a matter of the host, and its success is one for each', async () => {
  const world = await agentWorld();
  await world.hears({ what: 'verify', tier: '', deployment: '' });
  await world.hears({ what: 'verify', tier: '' });
  await world.hears({ what: 'backup', tier: 'manual', deployment: '' });
  expect((await world.read()).findings).toEqual([
    {
      level: 'problem',
      message: `verify of all deployments failed 3 h ago: ${WHY}`,
      hint: 'holdfast verify --repair',
    },
  ]);
  expect((await world.troubles()).found).toHaveLength(2);
  await world.hears({ what: 'verify', tier: '', deployment: '', kind: 'succeeded' });
  expect(await world.troubles()).toEqual(WELL);
});

it('one that an earlier version noted, and one that cannot be read, are left alone', async () => {
  const world = await agentWorld();
  const folder = join(world.state, 'notify', 'troubles', 'edms');
  await mkdir(folder, { recursive: true });
  const earlier = { version: 1, at: '2026-03-20T01:00:00.000Z', id: 'end-0' };
  await writeFile(join(folder, 'backup.daily.json'), JSON.stringify(earlier));
  await writeFile(join(folder, 'drill._.json'), '{');
  expect(await world.troubles()).toEqual(WELL);
  await world.hears({});
  expect((await world.read()).deployments[0]?.troubles).toEqual([
    {
      ...{ what: 'backup', tier: 'daily', cause: WHY },
      ...{ since: '2026-03-20T09:00:00.000Z', at: '2026-03-20T09:00:00.000Z' },
    },
  ]);
  await rm(folder, { recursive: true });
  expect(await world.troubles()).toEqual(WELL);
});
