// What an S3 server or the network can do wrong, in front of a real server: nothing is lost, and the sentence says what to do.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import type { Repository } from '../../src/repositories/repository.js';
import { s3Repository } from '../../src/repositories/s3/s3.js';
import {
  type Behaviour,
  errorBody,
  type MisbehavingS3,
  startMisbehavingS3,
} from '../fixtures/misbehaving-s3.js';
import { randomObject, receiveContext, sent } from '../support/received.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';

const KEY = 'edms/b1/files.storage.tar.zst';
const PATIENCE = { connectMs: 2000, idleMs: 1000, attempts: 3 };
const SOURCE = shellSource('files.storage.tar', 'head -c 12000000 /dev/urandom');

let server: S3Server;
let front: MisbehavingS3;
let repository: Repository;
let everything: () => Promise<string[]>;

beforeAll(async () => {
  server = await startS3Server('versitygw');
});
afterAll(() => server.stop());

beforeEach(async () => {
  front = await startMisbehavingS3(server.endpoint);
  const settings = server.settings({ endpoint: front.endpoint });
  repository = s3Repository(settings, PATIENCE);
  everything = () => everythingIn(server, settings);
});
afterEach(() => front.close());

const small = Buffer.from('{}');
const unreachable = (what: RegExp) => ({
  code: 'REPOSITORY_UNREACHABLE',
  message: expect.stringMatching(what),
});

const passing: Record<string, [Behaviour, RegExp]> = {
  hangs: [{ kind: 'hang' }, /did not answer in time/],
  'breaks every connection': [{ kind: 'reset' }, /the connection broke/],
  'answers 500': [{ kind: 'answer', status: 500, body: errorBody('InternalError') }, /answered 500/],
  'answers 503': [{ kind: 'answer', status: 503, body: errorBody('SlowDown') }, /answered 503/],
};

describe.each(Object.entries(passing))('a server that %s', (_title, [how, words]) => {
  beforeEach(() => front.misbehave({ on: /./, how }));

  it('fails everything soon, in words, and trying again may help', async () => {
    const attempts = [
      () => repository.check(),
      () => repository.put('edms/b1/manifest.json', small, runEffect),
      () => repository.get('edms/b1/manifest.json'),
      () => repository.list('edms'),
      () => repository.open(KEY),
      () => repository.removeFolder('edms/b1', runEffect),
      () => repository.store('edms/b1', SOURCE, storeContext()),
      () => repository.receive(KEY, sent(randomObject(100)), receiveContext()),
    ];
    await Promise.all(
      attempts.map((attempt) =>
        expect(attempt()).rejects.toMatchObject({ ...unreachable(words), retryable: true }),
      ),
    );
    expect(await everything()).toEqual([]);
  });

  it('for a moment does no harm', async () => {
    front.misbehave({ on: /PUT .*partNumber=2/, how, times: 1 }, { on: /POST .*uploadId/, how, times: 1 });
    const stored = await repository.store('edms/b1', SOURCE, storeContext());
    front.misbehave({ on: /GET/, how, times: 1 });
    expect(await bytesOf(await repository.open(KEY))).toHaveLength(stored.bytes);
  });
});

const answers: Record<string, [status: number, code: string, Record<string, unknown>]> = {
  'is full': [507, 'InsufficientStorage', { code: 'DISK_FULL', retryable: false }],
  'has no quota left': [403, 'QuotaExceeded', { code: 'DISK_FULL', retryable: false }],
  'is read-only': [403, 'AccessDenied', { code: 'REPOSITORY_RIGHTS', retryable: false }],
  'takes the token for expired': [400, 'ExpiredToken', { code: 'REPOSITORY_CREDENTIALS', retryable: false }],
  'takes nothing': [405, 'MethodNotAllowed', { code: 'REPOSITORY_RIGHTS', retryable: false }],
  'has another clock': [403, 'RequestTimeTooSkewed', { ...unreachable(/clock/), retryable: false }],
  'has the bucket elsewhere': [
    301,
    'PermanentRedirect',
    { ...unreachable(/region us-east-1/), retryable: false },
  ],
};

it('what answers in a server’s stead is not taken for an empty bucket', async () => {
  const body = '<html><body>Welcome to the wireless network</body></html>';
  front.misbehave({ on: /./, how: { kind: 'answer', status: 200, body } });
  const failure = { ...unreachable(/what answers there is no S3 server/), retryable: true };
  await expect(repository.list('edms')).rejects.toMatchObject(failure);
  await expect(repository.check()).rejects.toMatchObject(failure);
});

it.each(Object.entries(answers))('a server that %s is called what it is', async (_title, answer) => {
  const [status, code, failure] = answer;
  front.misbehave({ on: /^(PUT|POST)/, how: { kind: 'answer', status, body: errorBody(code) } });
  await expect(repository.put('edms/b1/manifest.json', small, runEffect)).rejects.toMatchObject(failure);
  await expect(repository.store('edms/b1', SOURCE, storeContext())).rejects.toMatchObject(failure);
  expect(await everything()).toEqual([]);
});

describe('the end of an upload', () => {
  const complete = /POST .*uploadId/;

  it('that is answered 200 with an error in its body has failed, and nothing is left', async () => {
    const body = errorBody('InternalError', 'We encountered an internal error');
    front.misbehave({ on: complete, how: { kind: 'answer', status: 200, body } });
    await expect(repository.store('edms/b1', SOURCE, storeContext())).rejects.toMatchObject({
      ...unreachable(/InternalError/),
      retryable: true,
    });
    expect(await everything()).toEqual([]);
  });

  it('that is answered with something else altogether has failed', async () => {
    const body = '<html><body>Welcome to the wireless network</body></html>';
    front.misbehave({ on: complete, how: { kind: 'answer', status: 200, body } });
    await expect(repository.store('edms/b1', SOURCE, storeContext())).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
    });
    expect(await everything()).toEqual([]);
  });

  it('whose answer is lost has succeeded all the same', async () => {
    front.misbehave({ on: complete, how: { kind: 'answer lost' }, times: 1 });
    const stored = await repository.store('edms/b1', SOURCE, storeContext());
    expect(await bytesOf(await repository.open(KEY))).toHaveLength(stored.bytes);
    front.misbehave({ on: complete, how: { kind: 'answer lost' }, times: 1 });
    await repository.receive(`${KEY}2`, sent(randomObject(7_000_000)), receiveContext());
    expect(await everything()).toEqual([KEY, `${KEY}2`]);
  });
});

it('a server that keeps a stump and says that all is well is found out, and the stump removed', async () => {
  front.misbehave({ on: /^HEAD .*(zst|json)/, how: { kind: 'stump' } });
  const words = unreachable(/of edms.* it kept \d+ of \d+ bytes/);
  await expect(repository.store('edms/b1', SOURCE, storeContext())).rejects.toMatchObject(words);
  await expect(repository.put('edms/b2/manifest.json', small, runEffect)).rejects.toMatchObject(words);
  await expect(
    repository.receive(KEY, sent(randomObject(7_000_000)), receiveContext()),
  ).rejects.toMatchObject(words);
  expect(await everything()).toEqual([]);
});

describe('a download', () => {
  let whole: Buffer;
  beforeEach(async () => {
    whole = randomObject(9_000_000);
    await repository.receive(KEY, sent(whole), receiveContext());
    front.requests.length = 0;
  });

  it.each(['cut', 'stop'] as const)(
    'goes on where the connection broke or fell silent (%s)',
    async (kind) => {
      front.misbehave({ on: /^GET/, how: { kind }, times: 3 });
      for (const offset of [0, 1234])
        expect((await bytesOf(await repository.open(KEY, offset))).equals(whole.subarray(offset))).toBe(true);
      expect(front.requests.length).toBeGreaterThanOrEqual(5);
    },
  );

  it('gives up when no connection gives anything any more', async () => {
    const get = /^GET .*zst/;
    front.misbehave({ on: get, how: { kind: 'cut' }, times: 1 }, { on: get, how: { kind: 'reset' } });
    await expect(bytesOf(await repository.open(KEY))).rejects.toMatchObject(unreachable(/connection broke/));
  });

  it('is never put together from two objects', async () => {
    front.misbehave({ on: /^GET .*zst/, how: { kind: 'cut' }, times: 1 });
    const first = await repository.open(KEY);
    await repository.remove(KEY, runEffect);
    await repository.receive(KEY, sent(randomObject(9_000_000)), receiveContext());
    await expect(bytesOf(first)).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
  });
});

it('a server that hangs does not keep what is told to stop from stopping', async () => {
  const patient = s3Repository(server.settings({ endpoint: front.endpoint }), {
    ...PATIENCE,
    idleMs: 600_000,
  });
  const hanging = async (on: RegExp, act: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
    front.misbehave({ on, how: { kind: 'hang' } });
    front.requests.length = 0;
    const abort = new AbortController();
    const ended = expect(act(abort.signal)).rejects.toThrow('enough');
    await vi.waitFor(() => expect(front.requests.some((line) => on.test(line))).toBe(true), 60_000);
    abort.abort(new Error('enough'));
    await ended;
  };
  const whole = sent(randomObject(7_000_000));
  await hanging(/partNumber/, (signal) => patient.store('edms/b1', SOURCE, storeContext({ signal })));
  await hanging(/HEAD/, (signal) => patient.receive(KEY, whole, receiveContext({ signal })));
  await hanging(/POST .*uploadId|DELETE/, (signal) =>
    patient.receive(KEY, whole, receiveContext({ signal })),
  );
});

it('a server is known for conditional puts, or for none', async () => {
  const known = () => repository.conditionalPuts?.();
  expect(await known()).toBe(true);
  front.misbehave({ on: /^PUT/, how: { kind: 'answer', status: 200, body: '' } });
  expect(await known()).toBe(false);
  front.misbehave({ on: /^PUT/, how: { kind: 'answer', status: 501, body: errorBody('NotImplemented') } });
  expect(await known()).toBe(false);
  front.misbehave();
  expect(await everything()).toEqual([]);
});

it('a server that refuses conditions gets its objects without, and nothing is overwritten', async () => {
  const how: Behaviour = { kind: 'answer', status: 501, body: errorBody('NotImplemented') };
  front.misbehave({ on: /^PUT .*json/, how, times: 1 });
  await repository.put('edms/b1/manifest.json', small, runEffect);
  front.misbehave({ on: /^POST .*uploadId/, how, times: 1 });
  await repository.receive(KEY, sent(randomObject(7_000_000)), receiveContext());
  expect(await everything()).toEqual([KEY, 'edms/b1/manifest.json']);
  const other = repository.put('edms/b1/manifest.json', Buffer.from('other'), runEffect);
  await expect(other).rejects.toMatchObject({ code: 'OPERATION_LOST' });
});

it('tells no secret, whatever it says', async () => {
  const secret = process.env.HOLDFAST_TEST_S3_SECRET ?? '';
  expect(secret).toHaveLength(40);
  front.misbehave({
    on: /./,
    how: { kind: 'answer', status: 403, body: errorBody('SignatureDoesNotMatch') },
  });
  const failure: unknown = await repository.check().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'REPOSITORY_CREDENTIALS' });
  const said = JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String(failure);
  for (const word of [secret, 'AWS4-HMAC', 'Signature=']) expect(said).not.toContain(word);
});
