import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimOwnership, requireNoOtherOwner, takeOverOwnership } from '../../../src/catalog/owner.js';
import { runEffect } from '../../../src/domain/effect.js';
import { localRepository } from '../../../src/repositories/local/local.js';
import type { Repository } from '../../../src/repositories/repository.js';
import { killedEverywhere } from '../../support/killed-effect.js';

const ONE = { deployment: 'edms', instance: '1111111111111111' };
const OTHER = { deployment: 'edms', instance: '2222222222222222' };

let folder: string;
let repository: Repository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-owner-'));
  repository = localRepository({ kind: 'local', name: 'offsite', path: join(folder, 'backups') });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const owner = async () => JSON.parse(String(await repository.get('edms/owner.json')));

it('belongs to nobody until the first backup claims it, and to that instance from then on', async () => {
  await requireNoOtherOwner(repository, ONE);
  expect(await repository.get('edms/owner.json')).toBeNull();
  for (let times = 0; times < 2; times++) await claimOwnership(repository, ONE, runEffect);
  expect(await owner()).toMatchObject({ instance: ONE.instance, host: hostname(), deployment: 'edms' });
  await requireNoOtherOwner(repository, ONE);
});

it('refuses another instance, and names the host and since when', async () => {
  await claimOwnership(repository, ONE, runEffect);
  const { claimedAt } = await owner();
  for (const come of [
    () => requireNoOtherOwner(repository, OTHER),
    () => claimOwnership(repository, OTHER, runEffect),
  ]) {
    await expect(come()).rejects.toMatchObject({
      code: 'NOT_OWNER',
      message: expect.stringMatching(new RegExp(`offsite.*${hostname()}.*since ${claimedAt}`)),
      hint: expect.stringContaining('holdfast backup edms --take-over'),
    });
  }
  expect(await owner()).toMatchObject({ instance: ONE.instance });
});

it('is one deployment’s: another one in the same repository is another host’s', async () => {
  await claimOwnership(repository, ONE, runEffect);
  await claimOwnership(repository, { ...OTHER, deployment: 'shop' }, runEffect);
  await requireNoOtherOwner(repository, ONE);
});

it('is one instance’s when several claim it at the same moment', async () => {
  const claims = ['a', 'b', 'c', 'd'].map((letter) => ({ ...ONE, instance: letter.repeat(16) }));
  const outcomes = await Promise.allSettled(
    claims.map((claim) => claimOwnership(repository, claim, runEffect)),
  );
  const winners = claims.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  expect(winners.map(({ instance }) => instance)).toEqual([(await owner()).instance]);
});

it('can be taken over: the one that had it is refused then', async () => {
  await claimOwnership(repository, ONE, runEffect);
  await takeOverOwnership(repository, OTHER, runEffect);
  expect(await owner()).toMatchObject({ instance: OTHER.instance });
  await expect(requireNoOtherOwner(repository, ONE)).rejects.toMatchObject({ code: 'NOT_OWNER' });
});

it('is nobody’s while owner.json cannot be read, and can be taken over', async () => {
  await repository.put('edms/owner.json', Buffer.from('{"version": 9'), runEffect);
  await expect(claimOwnership(repository, ONE, runEffect)).rejects.toMatchObject({ code: 'NOT_OWNER' });
  await takeOverOwnership(repository, ONE, runEffect);
  expect(await owner()).toMatchObject({ instance: ONE.instance });
});

it('is taken over by the next attempt when the first is killed before or after any effect', async () => {
  const points = await killedEverywhere(async (_point, kill) => {
    await repository.remove('edms/owner.json', runEffect);
    await claimOwnership(repository, ONE, runEffect);
    await kill((effect) => takeOverOwnership(repository, OTHER, effect));
    await takeOverOwnership(repository, OTHER, runEffect);
    expect(await owner()).toMatchObject({ instance: OTHER.instance });
  });
  expect(points).toBeGreaterThanOrEqual(4);
});
