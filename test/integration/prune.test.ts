// Retention carried out on folders: killed anywhere, held back by whoever uses a backup, and never where another host writes.
import { cp, mkdir, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { takeLease } from '../../src/operations/copies/copy-lease.js';
import { missingCopies } from '../../src/operations/copies/missing-copies.js';
import { notePin } from '../../src/operations/log/note-pin.js';
import { wantedIn } from '../../src/operations/prune/plan-prune.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { night, prunedWorld } from '../support/pruned-world.js';
import { signAgain } from '../support/sign-again.js';

const NIGHTS = [1, 2, 3, 4, 5];

const settled = async (days = NIGHTS) => {
  const world = await prunedWorld();
  await world.store(world.local, days);
  await world.store(world.offsite, days);
  await world.claim('local', 'offsite');
  return world;
};

it('each repository keeps what its own rule says, and a second prune removes nothing', async () => {
  const { prune, held, local, offsite, told } = await settled();
  expect(await prune('local')).toMatchObject({ kept: 3, problems: [] });
  expect(await prune('offsite')).toMatchObject({ kept: 4, problems: [] });
  expect(await held(local)).toEqual([3, 4, 5].map(night));
  expect(await held(offsite)).toEqual([2, 3, 4, 5].map(night));
  expect((await prune('local')).removed).toEqual([]);
  expect((await prune('offsite')).removed).toEqual([]);
  expect((await told()).sort()).toEqual([
    `${night(1)}: daily keeps 3 moments, all of them newer`,
    `${night(1)}: daily keeps 4 moments, all of them newer`,
    `${night(2)}: daily keeps 3 moments, all of them newer`,
  ]);
});

it('killed before or after any effect, the next prune ends it: nothing is half removed, and the log names it once', async () => {
  const { prune, held, local, told, state, folder } = await settled([2, 3, 4, 5]);
  const saved = join(folder, 'saved');
  await cp(local.path, saved, { recursive: true, preserveTimestamps: true });
  const points = await killedEverywhere(async (_point, kill) => {
    await kill((effect) => prune('local', { effect }));
    await prune('local');
    expect(await held()).toEqual([3, 4, 5].map(night));
    for (const day of [3, 4, 5]) expect(await readdir(join(local.path, 'edms', night(day)))).toHaveLength(6);
    expect(await told()).toEqual([`${night(2)}: daily keeps 3 moments, all of them newer`]);
    expect(await readdir(join(state, 'removals', 'edms', 'local'))).toEqual([]);
    for (const left of [local.path, join(state, 'log')]) await rm(left, { recursive: true });
    await cp(saved, local.path, { recursive: true, preserveTimestamps: true });
  });
  expect(points).toBeGreaterThanOrEqual(20);
});

it('two at once remove what one would', async () => {
  const { prune, held } = await settled();
  await Promise.all([prune('local'), prune('local')]);
  expect(await held()).toEqual([3, 4, 5].map(night));
});

it('what is being copied stays until the copy is done', async () => {
  const { prune, held, state } = await settled();
  const since = new Date().toISOString();
  const lease = {
    version: 1 as const,
    deployment: 'edms',
    backup: night(1),
    to: 'usb',
    from: ['local'],
    since,
  };
  await takeLease(state, lease, runEffect);
  await prune('local');
  expect(await held()).toEqual([1, 3, 4, 5].map(night));
});

it('a backup that another repository is to keep and does not have stays; where that one does not answer, too', async () => {
  const world = await prunedWorld();
  await world.store(world.local, NIGHTS);
  await world.store(world.offsite, [1, 3, 4, 5]);
  await world.claim('local');
  await world.prune('local');
  expect(await world.held()).toEqual([2, 3, 4, 5].map(night));
  await rm(world.offsite.path, { recursive: true });
  await writeFile(world.offsite.path, '');
  await world.prune('local');
  expect(await world.held()).toEqual([2, 3, 4, 5].map(night));
});

it('a hold that cannot be read keeps the backups, and not the leftovers', async () => {
  const { prune, sweep, held, state, local } = await settled();
  await mkdir(join(state, 'holds', 'edms'), { recursive: true });
  await writeFile(join(state, 'holds', 'edms', 'torn.json'), '{');
  const unfinished = join(local.path, 'edms', '20260101T010000Z-full-0000');
  await mkdir(unfinished);
  await writeFile(join(unfinished, 'files.storage.tar.zst'), 'half');
  for (const path of [join(unfinished, 'files.storage.tar.zst'), unfinished])
    await utimes(path, new Date('2026-01-01'), new Date('2026-01-01'));
  expect(await prune('local')).toMatchObject({ removed: [], kept: 5, problems: [] });
  expect(await sweep('local')).toHaveLength(1);
  expect(await held()).toEqual(NIGHTS.map(night));
  await rm(join(state, 'holds', 'edms', 'torn.json'));
  expect((await prune('local')).removed).toHaveLength(2);
});

it('a copy that its repository would remove again is not missing', async () => {
  const { config, local, offsite, store } = await prunedWorld();
  await store(local, NIGHTS);
  await store(offsite, [5]);
  const missing = await missingCopies('edms', { from: [local], to: offsite });
  expect(missing).toEqual([4, 3, 2, 1].map(night));
  expect(missing.filter(await wantedIn(config, 'edms', 'offsite'))).toEqual([4, 3, 2].map(night));
});

it('where another host writes, or nobody has claimed it, nothing goes', async () => {
  const world = await prunedWorld();
  await world.store(world.local, NIGHTS);
  await expect(world.prune('local')).rejects.toMatchObject({ code: 'NOT_OWNER' });
  const owner = { version: 1, deployment: 'edms', instance: 'f'.repeat(16), host: 'other' };
  const file = join(world.local.path, 'edms', 'owner.json');
  await writeFile(file, JSON.stringify({ ...owner, claimedAt: '2026-01-01T00:00:00.000Z' }));
  await expect(world.prune('local')).rejects.toMatchObject({ code: 'NOT_OWNER' });
  await expect(world.sweep('local')).rejects.toMatchObject({ code: 'NOT_OWNER' });
  expect(await world.held()).toEqual(NIGHTS.map(night));
});

it('it stops when more than half would go, until somebody insists', async () => {
  const world = await prunedWorld('daily: { keep: 1 }');
  await world.store(world.local, NIGHTS);
  await world.store(world.offsite, [5]);
  await world.claim('local');
  await expect(world.prune('local')).rejects.toMatchObject({ code: 'PRUNE_STOPPED' });
  expect(await world.held()).toEqual(NIGHTS.map(night));
  await world.prune('local', { force: true });
  expect(await world.held()).toEqual([night(5)]);
});

it('a clock that was put back stops it', async () => {
  const world = await settled();
  const now = new Date('2026-03-04T12:00:00Z');
  await expect(world.prune('local', { now })).rejects.toMatchObject({ code: 'PRUNE_STOPPED' });
});

it('a manifest that was changed or that nobody signed counts for nothing, and stays', async () => {
  const { prune, held, local } = await settled();
  const file = (day: number, name: string) => join(local.path, 'edms', night(day), name);
  await rm(file(5, 'manifest.sig'));
  await truncate(file(4, 'manifest.json'), 20);
  await prune('local');
  // Of the nights that can be read 3, 2 and 1 are the newest three.
  expect(await held()).toEqual(NIGHTS.map(night));
});

it('newer manifests that a stranger has signed displace nothing, and stay to be looked at', async () => {
  const { prune, held, store, local, folder } = await settled();
  const forged = [6, 7, 8];
  await store(local, forged);
  for (const day of forged) await signAgain(join(local.path, 'edms', night(day)), join(folder, 'strangers'));
  await prune('local');
  expect(await held()).toEqual([3, 4, 5, ...forged].map(night));
});

it('what is pinned later stays, until it is unpinned', async () => {
  const { prune, held, host } = await settled();
  await notePin(host(), { deployment: 'edms', backup: night(1), pinned: true });
  await prune('local');
  expect(await held()).toEqual([1, 3, 4, 5].map(night));
  await notePin(host(), { deployment: 'edms', backup: night(1), pinned: false });
  await prune('local');
  expect(await held()).toEqual([3, 4, 5].map(night));
});

it('while what pins or unpins a backup cannot be read, nothing goes; until it is put right or removed', async () => {
  const { prune, held, local } = await settled();
  const log = join(local.path, 'edms', 'log');
  const entry = join(log, '20260310T010000000Z-pin-0123456789.json');
  await mkdir(log, { recursive: true });
  await writeFile(entry, '{broken');
  expect((await prune('local')).removed).toEqual([]);
  expect((await prune('offsite')).removed).toEqual([]);
  expect(await held()).toEqual(NIGHTS.map(night));
  await rm(entry);
  await writeFile(join(log, '20260310T010000000Z-verify-0123456789.json'), '{broken');
  await prune('local');
  expect(await held()).toEqual([3, 4, 5].map(night));
});

it('what interrupted runs left goes after a day; what is young, known elsewhere or in use stays', async () => {
  const { sweep, local, offsite, store, claim, state } = await prunedWorld();
  await store(local, [1]);
  await store(offsite, [1, 2]);
  await claim('local');
  const folder = (day: number) => join(local.path, 'edms', night(day));
  const leave = async (path: string, hours: number) => {
    await writeFile(path, 'x');
    const at = (Date.now() - hours * 3_600_000) / 1000;
    await utimes(path, at, at);
  };
  for (const day of [2, 3, 4, 6, 7]) await mkdir(folder(day));
  await leave(join(folder(2), 'files.storage.tar.zst'), 400);
  await leave(join(folder(3), 'files.storage.tar.zst'), 400);
  await leave(join(folder(4), 'files.storage.tar.zst'), 1);
  await leave(join(folder(6), 'files.storage.tar.zst'), 400);
  await leave(join(folder(1), '.files.storage.tar.zst.0123456789ab.partial'), 400);
  const lease = { backup: night(6), to: 'local', from: ['offsite'], since: new Date().toISOString() };
  await takeLease(state, { version: 1, deployment: 'edms', ...lease }, runEffect);
  const empty = (Date.now() - 400 * 3_600_000) / 1000;
  await utimes(folder(7), empty, empty);
  const swept = await sweep('local', new Date());
  expect(swept.map(({ key }) => key).sort()).toEqual([
    `edms/${night(1)}/.files.storage.tar.zst.0123456789ab.partial`,
    `edms/${night(3)}`,
    `edms/${night(7)}`,
  ]);
  expect((await readdir(join(local.path, 'edms'))).sort()).toEqual([
    ...[1, 2, 4, 6].map(night),
    'owner.json',
  ]);
  expect(await sweep('local', new Date())).toEqual([]);
});

it('what another host may have left, before this one took over, goes after a week only', async () => {
  const { sweep, local, instance } = await prunedWorld();
  const claimedAt = '2026-03-18T00:00:00.000Z';
  const owner = { version: 1, deployment: 'edms', instance, host: 'this', claimedAt };
  for (const day of [8, 16, 18]) {
    const folder = join(local.path, 'edms', night(day));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'files.storage.tar.zst'), 'x');
    const at = Date.parse(`2026-03-${String(day).padStart(2, '0')}T01:00:00Z`) / 1000;
    await utimes(join(folder, 'files.storage.tar.zst'), at, at);
  }
  await writeFile(join(local.path, 'edms', 'owner.json'), JSON.stringify(owner));
  expect((await sweep()).map(({ key }) => key).sort()).toEqual([8, 18].map((day) => `edms/${night(day)}`));
});
