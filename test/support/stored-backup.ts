// A backup in a local repository, made of random bytes: what copies and verify need, without a database.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { backupFolder, manifestBytes, manifestKey } from '../../src/catalog/manifest-file.js';
import { signatureBytes, signatureKey } from '../../src/catalog/signed-manifest.js';
import { publicKeyText, signed } from '../../src/catalog/signing.js';
import type { RepositorySettings } from '../../src/config/config.js';
import { runEffect } from '../../src/domain/effect.js';
import type { Manifest, StoredArtifact } from '../../src/domain/manifest.js';
import type { Trust } from '../../src/domain/signature.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { receiveContext, sent } from './received.js';

export const ID = '20260111T224748Z-full-3f9a';

/** Two repositories and a state folder, for one test. */
export const places = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-copies-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const local = (name: string) => ({ kind: 'local' as const, name, path: join(folder, name) });
  return {
    folder,
    state: join(folder, 'state'),
    local: local('local'),
    offsite: local('offsite'),
    usb: local('usb'),
  };
};

/** Artifacts of these sizes, the two small files and the manifest. */
export const storeBackup = async (
  settings: RepositorySettings,
  sizes: readonly number[],
  id = ID,
  given: Partial<Manifest> = {},
): Promise<Manifest> => {
  const repository = openRepository(settings);
  const folder = backupFolder('edms', id);
  const artifacts: StoredArtifact[] = [];
  for (const [index, size] of sizes.entries()) {
    const whole = randomBytes(size);
    const name = `files.tree${index}.tar.zst`;
    await repository.receive(`${folder}/${name}`, sent(whole), receiveContext());
    const sha256 = createHash('sha256').update(whole).digest('hex');
    artifacts.push({
      ...{ name, kind: 'files', source: `tree${index}` },
      ...{ bytes: size, rawBytes: null, sha256, transforms: [] },
    });
  }
  const small = { 'RESTORE.md': Buffer.from('how'), 'holdfast.yaml': Buffer.from('{}') };
  const documents = Object.entries(small).map(([name, bytes]) => ({ name, ...digestOf(bytes) }));
  const manifest = { ...manifestOf(artifacts, id), documents, ...given };
  for (const [name, bytes] of Object.entries(small))
    await repository.put(`${folder}/${name}`, bytes, runEffect);
  await repository.put(signatureKey('edms', id), signatureOf(manifest), runEffect);
  await repository.put(manifestKey('edms', id), manifestBytes(manifest), runEffect);
  return manifest;
};

const { privateKey } = generateKeyPairSync('ed25519');

/** What backups that are made by hand are signed with. */
export const SIGNING_KEY = { privateKey, publicKey: publicKeyText(privateKey) };
export const TRUST: Trust = { own: SIGNING_KEY.publicKey, keys: [] };

export const signatureOf = (manifest: Manifest): Buffer =>
  signatureBytes(signed(SIGNING_KEY, manifestBytes(manifest)));

const digestOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const manifestOf = (artifacts: StoredArtifact[], id: string): Manifest => ({
  version: 1,
  id,
  deployment: 'edms',
  type: 'full',
  tiers: ['manual'],
  scheduledFor: null,
  pinned: false,
  instance: '0123456789abcdef',
  holdfastVersion: '0.1.0',
  startedAt: '2026-01-11T22:47:48.000Z',
  finishedAt: '2026-01-11T22:47:58.000Z',
  workflow: { id: 'holdfast.edms.backup', runId: 'run' },
  consistency: 'live',
  gapMs: 12,
  pausedMs: 0,
  application: { revision: null, images: [] },
  artifacts,
  documents: [],
  recipients: [],
  databases: [],
  trees: [],
});
