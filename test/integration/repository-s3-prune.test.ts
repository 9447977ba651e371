// Retention in a bucket: what is locked stays and is reported, and uploads that nobody completes are ended.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import { night, prunedWorld } from '../support/pruned-world.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server('versitygw');
});
afterAll(() => server.stop());

const NIGHTS = [1, 2, 3, 4, 5];
const bucketOf = async (name: string, given: Parameters<S3Server['settings']>[0] = {}) => {
  const world = await prunedWorld();
  const settings = { ...server.settings(given), name };
  await world.put(settings);
  await world.store(settings, NIGHTS);
  await world.store(name === 'local' ? world.offsite : world.local, NIGHTS);
  const ids = async () =>
    (await openRepository(settings).list('edms'))
      .map(({ key }) => key.split('/'))
      .flatMap(([, id = '', file]) => (file === 'manifest.json' ? [id] : []))
      .sort();
  return { ...world, settings, ids };
};

it('removes what the tiers do not keep, and nothing of it is left', async () => {
  const { prune, ids, settings } = await bucketOf('local');
  expect(await prune('local')).toMatchObject({ kept: 3, problems: [] });
  expect(await ids()).toEqual([3, 4, 5].map(night));
  const left = await everythingIn(server, settings);
  expect(left.filter((key) => key.includes(night(1)) || key.includes(night(2)))).toEqual([]);
  expect((await prune('local')).removed).toEqual([]);
});

it('leaves what is locked, says until when, and tells the log of nothing', async () => {
  const bucket = 'locked-prune';
  await server.s3.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket: true });
  const lock = { bucket, objectLock: { mode: 'GOVERNANCE', forMs: 3_600_000 } } as const;
  const { prune, ids, told } = await bucketOf('local', lock);
  const { removed, problems } = await prune('local');
  expect(removed).toEqual([]);
  expect(problems).toEqual([
    expect.stringMatching(new RegExp(`^${night(1)}: .*manifest.json is locked until 20`)),
    expect.stringMatching(new RegExp(`^${night(2)}: .*manifest.json is locked until 20`)),
  ]);
  expect(await ids()).toEqual(NIGHTS.map(night));
  expect(await told()).toEqual([]);
});

it('ends uploads that nobody completed, once they are old enough', async () => {
  const { sweep, settings } = await bucketOf('local');
  const key = `edms/${night(5)}/files.more.tar.zst`;
  await server.s3.createMultipartUpload({ Bucket: settings.bucket, Key: `${settings.prefix}/${key}` });
  expect(await sweep('local', new Date())).toEqual([]);
  const later = new Date(Date.now() + 25 * 3_600_000);
  expect(await sweep('local', later)).toMatchObject([{ key, reason: expect.stringContaining('upload') }]);
  expect(await everythingIn(server, settings)).not.toContain(key);
});
