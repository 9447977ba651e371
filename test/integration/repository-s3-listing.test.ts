// A listing in ranges, on real servers: every key once. One of them orders by folders, so that `edms-2/` comes behind `edms/`,
// which bytes do not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapLimited } from '../../src/files/limited.js';
import { bucketOf } from '../../src/repositories/s3/bucket.js';
import { listObjects, type Wanted } from '../../src/repositories/s3/listing.js';
import { startMisbehavingS3 } from '../fixtures/misbehaving-s3.js';
import { SERVER_KINDS } from '../support/s3-server-kinds.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';

const MANIFEST = 'manifest.json';
const NAMES = ['database.main.dump.zst', 'files.storage.tar.zst', MANIFEST, 'manifest.sig'];

/** Nightly for a month long ago, then hourly for two days, and what else lies there. */
const keysOf = (): string[] => {
  const nights = Array.from({ length: 30 }, (_, night) => Date.UTC(2021, 0, 1 + night, 2));
  const hours = Array.from({ length: 48 }, (_, hour) => Date.UTC(2026, 9, 1, hour, 30));
  const moments = [...nights, ...hours].map((at) =>
    new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15),
  );
  return [
    ...moments.flatMap((at) => NAMES.map((name) => `edms/${at}Z-full-3f9a/${name}`)),
    ...moments.map((at) => `edms/log/${at}Z-backup-0a1b.json`),
    ...['edms/owner.json', 'edms/20990101T000000Z-full-0001/manifest.json', 'edms/2021/odd', 'edms/x y é'],
    ...['edms-2/owner.json', 'cms/20260101T000000Z-full-0001/manifest.json'],
  ].sort();
};

describe.each(SERVER_KINDS)('%s', (kind) => {
  const keys = keysOf();
  let server: S3Server;
  let settings: ReturnType<S3Server['settings']>;
  beforeAll(async () => {
    server = await startS3Server(kind);
    settings = server.settings();
    const { bucket, prefix } = settings;
    await mapLimited(keys, 16, (key) =>
      server.s3.putObject({ Bucket: bucket, Key: `${prefix}/${key}`, Body: key }),
    );
  });
  afterAll(() => server.stop());

  const listed = async (folder: string, wanted: Wanted) =>
    (await listObjects(bucketOf(settings), folder, wanted)).map(({ key }) => key).sort();

  it.each([1000, 100, 7])('gives every key once, %i at a time', async (pageKeys) => {
    expect((await everythingIn(server, settings)).length).toBe(keys.length);
    expect(await listed('', { pageKeys })).toEqual(keys);
    expect(await listed('edms', { pageKeys })).toEqual(keys.filter((key) => key.startsWith('edms/')));
    expect(await listed('edms/log', { pageKeys })).toEqual(keys.filter((key) => key.startsWith('edms/log/')));
    expect(await listed('nothing', { pageKeys })).toEqual([]);
  });

  it('gives every manifest where only those are asked for, and steps over the log', async () => {
    const manifests = keys.filter((key) => /^edms\/[^/]+\/manifest\.json$/.test(key));
    for (const pageKeys of [100, 7]) {
      const found = await listed('edms', { pageKeys, name: MANIFEST });
      expect(found.filter((key) => key.endsWith(`/${MANIFEST}`))).toEqual(manifests);
      expect(found.filter((key) => key.startsWith('edms/log/')).length).toBeLessThanOrEqual(pageKeys);
    }
  });

  it('gives all where an answer is in no order, as the server itself goes on', async () => {
    const front = await startMisbehavingS3(server.endpoint);
    const contents = ['b', 'a'].map(
      (name) => `<Contents><Key>${settings.prefix}/edms/${name}</Key></Contents>`,
    );
    const body = `<?xml version="1.0"?><ListBucketResult><Name>x</Name>${contents.join('')}</ListBucketResult>`;
    front.misbehave({ on: /list-type=2/, how: { kind: 'answer', status: 200, body }, times: 1 });
    const bucket = bucketOf({ ...settings, endpoint: front.endpoint });
    const found = await listObjects(bucket, '', { pageKeys: 50 });
    expect(found.map(({ key }) => key).sort()).toEqual(keys);
    expect(front.requests.some((line) => line.includes('continuation-token'))).toBe(true);
    expect(front.requests.some((line) => line.includes('start-after'))).toBe(false);
    await front.close();
  });
});
