// What retention has removed is nobody's missing copy.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import { asActivity, dependenciesOf } from '../support/backup-by-hand.js';
import { night, prunedWorld } from '../support/pruned-world.js';

const REQUEST = {
  deployment: 'edms',
  backup: null,
  repository: null,
  decode: false,
  repair: false,
  rate: null,
};

it('verify reads what a repository holds, and misses only what it is to hold', async () => {
  const { file, store, claim, prune, local, offsite } = await prunedWorld();
  await store(local, [1, 2, 3, 4, 5]);
  await store(offsite, [1, 2, 3, 4, 5]);
  await claim('local', 'offsite');
  await prune('local');
  const dependencies = await dependenciesOf(file);
  const list = (repository: string) =>
    asActivity(quickActivities(dependencies).listBackupsToVerify, {
      request: REQUEST,
      repository,
      before: '',
    });
  expect((await list('local')).backups).toEqual([5, 4, 3].map(night));
  expect((await list('offsite')).backups).toEqual([5, 4, 3, 2, 1].map(night));
  await rm(join(local.path, 'edms', night(5)), { recursive: true });
  expect((await list('local')).backups).toEqual([5, 4, 3].map(night));

  const verify = (repository: string, day: number, backup: string | null = null) =>
    asActivity(transferActivities(dependencies).verifyBackup, {
      request: { ...REQUEST, backup },
      ...{ backup: night(day), repository },
    });
  // Listed before it was pruned, and read after.
  expect((await verify('local', 1)).problems).toEqual([]);
  expect((await verify('local', 1, night(1))).problems).toEqual(['the backup is missing']);
  expect((await verify('local', 5)).problems).toEqual(['the backup is missing']);
  expect((await verify('offsite', 5)).problems).toEqual([]);
});

it('copies are listed only of what the repository is to keep; one that is named is copied all the same', async () => {
  const { file, store, local, offsite } = await prunedWorld();
  await store(local, [1, 2, 3, 4, 5]);
  await store(offsite, [5]);
  const quick = quickActivities(await dependenciesOf(file));
  const list = (backup: string | null) => {
    const request = { deployment: 'edms', backup, from: null, to: null };
    return asActivity(quick.listMissingCopies, { request, to: 'offsite', before: '' });
  };
  expect((await list(null)).backups).toEqual([4, 3, 2].map(night));
  expect((await list(night(1))).backups).toEqual([night(1)]);
});
