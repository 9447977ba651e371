// The summaries that lie beside the backups in a bucket: whoever trusts them reads no manifest, and whatever is wrong with them
// changes nothing but that.
import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readCache } from '../../src/catalog/cache.js';
import { backupsIn } from '../../src/catalog/list-repository.js';
import { manifestBytes } from '../../src/catalog/manifest-file.js';
import { signatureBytes } from '../../src/catalog/signed-manifest.js';
import { publicKeyText, signed } from '../../src/catalog/signing.js';
import { signingKey } from '../../src/catalog/signing-key.js';
import { storeTravelling, summariesKey } from '../../src/catalog/travelling-cache.js';
import type { S3Settings } from '../../src/config/config.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { mapLimited } from '../../src/files/limited.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { type MisbehavingS3, startMisbehavingS3 } from '../fixtures/misbehaving-s3.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { prunedWorld } from '../support/pruned-world.js';
import { type S3Server, startS3Server } from '../support/s3-servers.js';
import { SIGNING_KEY } from '../support/stored-backup.js';
import { sampleManifest } from '../unit/cli/sample-manifest.js';

const COUNT = 70;
const DEPLOYMENT = 'edms';
const idOf = (night: number): string =>
  `${new Date(Date.UTC(2026, 0, 1 + night, 1)).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-full-0001`;

let server: S3Server;
let front: MisbehavingS3;
let settings: S3Settings;
let world: Awaited<ReturnType<typeof prunedWorld>>;
let own: Awaited<ReturnType<typeof signingKey>>;

beforeAll(async () => {
  server = await startS3Server('versitygw');
});
afterAll(() => server.stop());

const keyOf = (key: string) => ({ Bucket: settings.bucket, Key: `${settings.prefix}/${DEPLOYMENT}/${key}` });
const put = (key: string, bytes: Buffer) => server.s3.putObject({ ...keyOf(key), Body: bytes });

const store = async (night: number): Promise<void> => {
  const id = idOf(night);
  const startedAt = new Date(Date.UTC(2026, 0, 1 + night, 1)).toISOString();
  const manifest = { ...sampleManifest, id, tiers: ['daily'], startedAt, scheduledFor: startedAt };
  const bytes = manifestBytes(manifest);
  await put(`${id}/manifest.sig`, signatureBytes(signed(own, bytes)));
  await put(`${id}/manifest.json`, bytes);
};

const summaries = (): string => summariesKey(DEPLOYMENT, own.publicKey).slice(DEPLOYMENT.length + 1);

const nights = [...Array(COUNT).keys()];

/** A bucket whose agent has just pruned. */
beforeEach(async () => {
  front = await startMisbehavingS3(server.endpoint);
  settings = { ...server.settings({ endpoint: front.endpoint }), name: 'local' };
  world = await prunedWorld('daily: { keep: { local: 1000, offsite: 1000 } }');
  own = await signingKey(world.state);
  await world.put(settings);
  await mapLimited(nights, 8, store);
  expect(await world.prune()).toMatchObject({ kept: COUNT, problems: [] });
});
afterEach(() => front.close());

const manifestsRead = (): number => front.requests.filter((line) => /GET .*manifest\.json/.test(line)).length;

/** As a machine without a cache lists it, and how many manifests it reads for that. */
const listed = async (key: string = own.publicKey) => {
  await rm(join(world.folder, 'elsewhere'), { recursive: true, force: true });
  const before = manifestsRead();
  const looking = { state: join(world.folder, 'elsewhere'), trust: { own: null, keys: [key] } };
  const held = await backupsIn(settings, DEPLOYMENT, looking);
  return { held: held.sort((a, b) => (a.id < b.id ? -1 : 1)), read: manifestsRead() - before };
};

it('tell a machine that trusts them what the manifests say, without one being read; a stranger reads every one', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const trusting = await listed();
  const stranger = await listed(publicKeyText(privateKey));
  expect(trusting.read).toBe(0);
  expect(stranger.read).toBe(COUNT);
  expect(trusting.held).toEqual(stranger.held);
  expect(trusting.held.map(({ id }) => id)).toEqual(nights.map(idOf));
});

it('say nothing of backups that came, changed or went since', async () => {
  await store(COUNT);
  await put(`${idOf(1)}/manifest.json`, Buffer.from('{}'));
  await server.s3.deleteObject(keyOf(`${idOf(2)}/manifest.json`));
  const { held, read } = await listed();
  expect(read).toBe(2);
  expect(held.map(({ id }) => id)).toEqual([...nights.filter((night) => night !== 2), COUNT].map(idOf));
  expect(held.filter(({ summary }) => summary === null).map(({ id }) => id)).toEqual([idOf(1)]);
});

it('count for nothing where they are damaged, cut off, another’s or gone', async () => {
  const { held: right } = await listed();
  const bytes =
    (await openRepository(settings).get(summariesKey(DEPLOYMENT, own.publicKey))) ?? Buffer.alloc(0);
  const end = bytes.indexOf('\n');
  const flipped = Buffer.from(bytes);
  flipped[end + 200] = (flipped[end + 200] ?? 0) ^ 1;
  const wrong = [
    flipped,
    bytes.subarray(0, -9),
    bytes.subarray(0, end),
    bytes.subarray(end + 1),
    Buffer.alloc(0),
  ];
  for (const one of wrong) {
    await put(summaries(), one);
    expect(await listed()).toEqual({ held: right, read: COUNT });
  }
  await server.s3.deleteObject(keyOf(summaries()));
  expect(await listed()).toEqual({ held: right, read: COUNT });
  await put(summaries(), bytes);
  expect(await listed()).toEqual({ held: right, read: 0 });
});

it('of another deployment count for nothing, whoever signed them', async () => {
  const repository = openRepository(settings);
  const known = await readCache({ state: world.state, repository: settings, deployment: DEPLOYMENT });
  const other = { repository, deployment: 'other' };
  await storeTravelling(other, { known, key: own, effect: runEffect });
  await put(summaries(), (await repository.get(summariesKey('other', own.publicKey))) ?? Buffer.alloc(0));
  expect((await listed()).read).toBe(COUNT);
});

it('say nothing of what their signer has not signed itself, and count no longer than it is trusted', async () => {
  const other = { privateKey: SIGNING_KEY.privateKey, publicKey: SIGNING_KEY.publicKey };
  const known = await readCache({ state: world.state, repository: settings, deployment: DEPLOYMENT });
  const place = { repository: openRepository(settings), deployment: DEPLOYMENT };
  await storeTravelling(place, { known, key: other, effect: runEffect });
  expect(await place.repository.get(summariesKey(DEPLOYMENT, other.publicKey))).toBeNull();
  const mine = (await place.repository.get(summariesKey(DEPLOYMENT, own.publicKey))) ?? Buffer.alloc(0);
  const packed = mine.subarray(mine.indexOf('\n') + 1);
  const lie = Buffer.concat([Buffer.from(`${JSON.stringify(signed(other, packed))}\n`), packed]);
  await place.repository.put(summariesKey(DEPLOYMENT, other.publicKey), lie, runEffect);
  expect((await listed(other.publicKey)).read).toBe(COUNT);
  expect((await listed()).read).toBe(0);
});

it('are written anew only when many are missing, and killed anywhere the next prune ends it', async () => {
  const effects: string[] = [];
  const noting: Effect = (name, act) => {
    if (name.includes('summaries')) effects.push(name);
    return runEffect(name, act);
  };
  await mapLimited([70, 71], 8, store);
  await world.prune('local', { effect: noting });
  expect(effects).toEqual([]);
  await server.s3.deleteObject(keyOf(summaries()));
  await world.prune('local', { effect: noting });
  expect(effects).toEqual([`remove ${summaries()} from the repository`, `publish ${summaries()}`]);
  await put(summaries(), Buffer.from('damaged'));
  const points = await killedEverywhere(async (_point, kill) => {
    await kill((effect) => world.prune('local', { effect }));
    expect((await listed()).held).toHaveLength(COUNT + 2);
    await world.prune();
    expect((await listed()).read).toBe(0);
    await put(summaries(), Buffer.from('damaged'));
  });
  expect(points).toBe(4);
});
