// What only a bucket promises: copies that go on after a kill, locks that are respected, and a sentence for every refusal.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { proveRepository } from '../../src/repositories/prove.js';
import { s3Repository } from '../../src/repositories/s3/s3.js';
import { startFixture } from '../support/node-process.js';
import { journal, randomObject, receiveContext, sent } from '../support/received.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';
import { SERVER_KINDS } from '../support/s3-server-kinds.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';

const KEY = 'edms/b1/files.storage.tar.zst';
const MEBIBYTE = 1 << 20;
const PATIENCE = { connectMs: 2000, idleMs: 5000, attempts: 1 };

describe.each(SERVER_KINDS)('%s', (kind) => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server(kind);
  });
  afterAll(() => server.stop());

  const refused = (given: Parameters<S3Server['settings']>[0]) =>
    expect(s3Repository(server.settings(given), PATIENCE).check()).rejects;

  it('refuses wrong credentials, and that is said', async () => {
    Object.assign(process.env, { HOLDFAST_TEST_S3_WRONG: 'no-such-key-or-secret' });
    const wrong = { code: 'REPOSITORY_CREDENTIALS', retryable: false };
    await refused({ secretAccessKey: 'env:HOLDFAST_TEST_S3_WRONG' }).toMatchObject(wrong);
    await refused({ accessKeyId: 'env:HOLDFAST_TEST_S3_WRONG' }).toMatchObject(wrong);
  });

  it('names the bucket that is not there, the port where nobody listens, and the host that is not known', async () => {
    const code = 'REPOSITORY_UNREACHABLE';
    await refused({ bucket: 'nowhere' }).toMatchObject({
      code,
      message: expect.stringContaining('no bucket nowhere'),
      retryable: false,
    });
    await refused({ endpoint: 'http://127.0.0.1:9' }).toMatchObject({ code, retryable: true });
    await refused({ endpoint: 'http://s3.invalid' }).toMatchObject({ code, retryable: true });
    await refused({ endpoint: server.endpoint.replace('http', 'https') }).toMatchObject({ code });
  });

  it('names the reference that gives no secret', async () => {
    await refused({ secretAccessKey: 'env:HOLDFAST_TEST_NOT_SET' }).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('repositories.offsite.s3.secretAccessKey'),
    });
  });

  it('is sent only the missing parts after a kill -9 in the middle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-copy-'));
    const whole = randomObject(60 * MEBIBYTE);
    const source = sent(whole);
    await writeFile(join(folder, 'source'), whole);
    const settings = server.settings();
    const path = journal();
    const stored = JSON.stringify({ bytes: source.bytes, sha256: source.sha256 });
    const args = [JSON.stringify(settings), KEY, stored, join(folder, 'source'), path];
    const agent = startFixture('programs/receiving-agent/agent.ts', args);
    await agent.says('send part 6 of');
    agent.kill('SIGKILL');
    await agent.ended;
    const arrived = agent.said().match(/send part/g)?.length ?? 0;
    expect(arrived).toBeLessThan(12);

    const effects: string[] = [];
    const effect: Effect = (name, act) => {
      effects.push(name);
      return runEffect(name, act);
    };
    const repository = s3Repository(settings);
    expect(await repository.list('edms')).toEqual([]);
    await repository.receive(KEY, source, receiveContext({ journal: path, effect }));
    const again = effects.filter((name) => name.startsWith('send part')).length;
    expect(again).toBeLessThanOrEqual(12 - arrived);
    expect((await bytesOf(await repository.open(KEY))).equals(whole)).toBe(true);
    expect(await everythingIn(server, settings)).toEqual([KEY]);
    await rm(folder, { recursive: true });
  });

  it('is sent everything again when it has forgotten the upload, or when the journal is damaged', async () => {
    const settings = server.settings();
    const whole = randomObject(12 * MEBIBYTE);
    for (const spoil of ['upload', 'journal']) {
      const context = receiveContext();
      const repository = s3Repository(settings);
      const broken = repository.receive(KEY, sent(whole, { cutAt: 11 * MEBIBYTE }), context);
      await expect(broken).rejects.toThrow('the line broke');
      const { Uploads = [] } = await server.s3.listMultipartUploads({ Bucket: settings.bucket });
      const place = { Bucket: settings.bucket, Key: `${settings.prefix}/${KEY}` };
      const upload = Uploads.find((found) => found.Key === place.Key);
      expect(upload).toBeDefined();
      if (spoil === 'upload') await server.s3.abortMultipartUpload({ ...place, UploadId: upload?.UploadId });
      else await writeFile(context.journal, '{"version":1,"key":"edms/b1/fi');
      await repository.receive(KEY, sent(whole), context);
      expect((await bytesOf(await repository.open(KEY))).equals(whole)).toBe(true);
      expect(await everythingIn(server, settings)).toEqual([KEY]);
      await repository.remove(KEY, runEffect);
    }
  });

  it('does not complete a copy whose earlier parts have become other bytes in the source', async () => {
    const settings = server.settings();
    const whole = randomObject(12 * MEBIBYTE);
    const context = receiveContext();
    const broken = s3Repository(settings).receive(KEY, sent(whole, { cutAt: 11 * MEBIBYTE }), context);
    await expect(broken).rejects.toThrow('the line broke');
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(5) ^ 1, 5);
    const source = { ...sent(damaged), sha256: sent(whole).sha256 };
    await expect(s3Repository(settings).receive(KEY, source, context)).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
    expect(await everythingIn(server, settings)).toEqual([]);
  });

  it('keeps a backup that is locked, whole, and the lock is reported', async () => {
    const bucket = `locked-${kind}`;
    await server.s3.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket: true });
    const settings = server.settings({ bucket, objectLock: { mode: 'GOVERNANCE', forMs: 3_600_000 } });
    const repository = s3Repository(settings);
    await repository.check();
    await repository.store('edms/b1', shellSource('a.dump', 'seq 1 9'), storeContext());
    await repository.put('edms/b1/manifest.json', Buffer.from('{}'), runEffect);
    const locked = {
      code: 'OBJECT_LOCKED',
      message: expect.stringMatching(/manifest.json is locked until 2/),
    };
    await expect(repository.removeFolder('edms/b1', runEffect)).rejects.toMatchObject(locked);
    await expect(repository.remove('edms/b1/a.dump.zst', runEffect)).rejects.toMatchObject({
      code: 'OBJECT_LOCKED',
    });
    expect((await repository.list('edms')).map(({ key }) => key).toSorted()).toEqual(
      ['edms/b1/a.dump.zst', 'edms/b1/manifest.json'].toSorted(),
    );
    const trial = await proveRepository(repository, new AbortController().signal);
    expect(trial.filter(({ level }) => level !== 'ok')).toEqual([]);
    await repository.put('edms/owner.json', Buffer.from('{}'), runEffect);
    await repository.remove('edms/owner.json', runEffect);
  });

  it('lists more objects than fit on a page', async () => {
    const settings = server.settings();
    const keys = Array.from({ length: 1100 }, (_, n) => `edms/b${n}/manifest.json`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(
        keys
          .slice(at, at + 50)
          .map((key) =>
            server.s3.putObject({ Bucket: settings.bucket, Key: `${settings.prefix}/${key}`, Body: '{}' }),
          ),
      );
    const listed = await s3Repository(settings).list('edms');
    expect(listed.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  });
});
