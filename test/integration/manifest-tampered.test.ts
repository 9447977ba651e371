// Whoever can write into a repository can neither change a backup unseen nor pass one off as another, and what nobody who is
// trusted has signed is restored only by somebody who says so.
import { generateKeyPairSync } from 'node:crypto';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRestorePlan } from '../../src/activities/restore/plan-restore.js';
import { signatureBytes } from '../../src/catalog/signed-manifest.js';
import { publicKeyText, signed } from '../../src/catalog/signing.js';
import { ownTrust } from '../../src/catalog/signing-key.js';
import { parseRestoreRequest } from '../../src/domain/requests.js';
import { verifyCopy } from '../../src/operations/copies/verify-copy.js';
import { backUp } from '../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../support/files-deployment.js';

let deployment: FilesDeployment;
let first: string;
let second: string;
const backups = () => join(deployment.folder, 'backups', 'edms');
const file = (backup: string, name: string) => join(backups(), backup, name);

beforeAll(async () => {
  deployment = await createFilesDeployment();
  first = (await backUp(deployment.dependencies, 'edms')).backup;
  await writeFile(join(deployment.storage, 'document'), 'b document');
  second = (await backUp(deployment.dependencies, 'edms')).backup;
  await cp(backups(), join(deployment.folder, 'untouched'), { recursive: true });
});
beforeEach(async () => {
  await rm(backups(), { recursive: true });
  await cp(join(deployment.folder, 'untouched'), backups(), { recursive: true });
  await deployment.configure();
});
afterAll(() => deployment.remove());

const plan = (backup: string, allowUnsigned = false) =>
  makeRestorePlan(deployment.dependencies, {
    request: parseRestoreRequest({ deployment: 'edms', backup, allowUnsigned }),
    run: { workflowId: 'by-hand', firstRunId: 'by-hand' },
  });

/** Refused, also for somebody who takes what is not signed. */
const refusedAsChanged = async (backup: string): Promise<void> => {
  for (const allowUnsigned of [false, true])
    await expect(plan(backup, allowUnsigned)).rejects.toMatchObject({ code: 'CORRUPT_MANIFEST' });
};

const verified = async (backup: string): Promise<string[]> => {
  const settings = { kind: 'local' as const, name: 'local', path: join(deployment.folder, 'backups') };
  const trust = await ownTrust(deployment.dependencies.state);
  const attempt = { signal: new AbortController().signal, report: () => undefined };
  const wanted = { deployment: 'edms', backup, trust };
  const { problems } = await verifyCopy(settings, wanted, { attempt, bytesPerSecond: null });
  return problems.map(({ words }) => words);
};

it('what this host has made is signed by it, and whole', async () => {
  expect(await plan(first)).not.toHaveProperty('unsigned');
  expect(await verified(first)).toEqual([]);
});

describe.each(['manifest.json', 'manifest.sig'])('%s', (name) => {
  it('with a byte flipped, a byte more or its end cut, anywhere, is refused whatever was allowed', async () => {
    const whole = await readFile(file(second, name));
    const text = whole.toString();
    const places =
      name === 'manifest.json' ? ['"id"', '"sha256"', '"rows"', '"documents"'] : ['"key"', '"signature"'];
    const inValues = places.map((key) => text.indexOf(key) + key.length + 4);
    for (const offset of [0, 1, ...inValues, whole.length - 3]) {
      const flipped = Buffer.from(whole);
      flipped[offset] = (flipped[offset] ?? 0) ^ 1;
      for (const bytes of [flipped, whole.subarray(0, offset)]) {
        await writeFile(file(second, name), bytes);
        await refusedAsChanged(second);
      }
    }
    if (name === 'manifest.json') {
      await writeFile(file(second, name), `${text} `);
      await refusedAsChanged(second);
    }
    await writeFile(file(second, name), whole);
    await expect(plan(second)).resolves.toMatchObject({ backup: second });
  });

  it('of another backup is refused, alone and with the other one', async () => {
    await cp(file(first, name), file(second, name));
    await refusedAsChanged(second);
    for (const both of ['manifest.json', 'manifest.sig']) await cp(file(first, both), file(second, both));
    await refusedAsChanged(second);
  });
});

it('an older signed manifest under a new id is refused: it says which backup it is', async () => {
  const later = '20991231T235959Z-full-0001';
  await cp(join(backups(), first), join(backups(), later), { recursive: true });
  await refusedAsChanged(later);
  expect(await verified(later)).toEqual([`the manifest in edms/${later} says that it is edms/${first}`]);
});

it('artifacts and documents exchanged between two backups, or taken away, are found by verify', async () => {
  const names = ['files.storage.tar.zst', 'RESTORE.md'];
  for (const name of names) {
    await rename(file(first, name), join(deployment.folder, name));
    await rename(file(second, name), file(first, name));
    await rename(join(deployment.folder, name), file(second, name));
  }
  const changed = names.map((name) =>
    expect.stringMatching(
      new RegExp(`^${name} (is damaged: its SHA-256 is another one|has \\d+ bytes instead)`),
    ),
  );
  expect(await verified(first)).toEqual(changed);
  expect(await verified(second)).toEqual(changed);
});

it('a document that is missing is found by verify', async () => {
  await rm(file(second, 'RESTORE.md'));
  expect(await verified(second)).toEqual(['RESTORE.md is missing']);
});

it('without its signature it is restored only by who says so, and the plan says it first', async () => {
  await rm(file(second, 'manifest.sig'));
  await expect(plan(second)).rejects.toMatchObject({
    code: 'UNSIGNED',
    message: `${second} is not signed: an earlier holdfast made it, or its signature was taken away`,
  });
  const allowed = await plan(second, true);
  expect(allowed.unsigned).toBe('not signed');
  expect(allowed.lines[0]).toMatch(/^not signed: nobody vouches/);
  expect(await verified(second)).toEqual([expect.stringContaining('is not signed')]);
});

it('signed by somebody else it is refused with that key, until holdfast.yaml trusts it', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = { privateKey, publicKey: publicKeyText(privateKey) };
  const bytes = await readFile(file(second, 'manifest.json'));
  await writeFile(file(second, 'manifest.sig'), signatureBytes(signed(key, bytes)));
  await expect(plan(second)).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
    message: expect.stringContaining(key.publicKey),
    hint: expect.stringContaining(`trust: ["${key.publicKey}"]`),
  });
  const allowed = await plan(second, true);
  expect(allowed.unsigned).toBe(`signed by ${key.publicKey}, which is not trusted here`);
  const before = (await plan(first)).digest;
  const config = JSON.parse(await readFile(deployment.file, 'utf8'));
  await writeFile(deployment.file, JSON.stringify({ ...config, trust: [key.publicKey] }));
  expect(await plan(second)).not.toHaveProperty('unsigned');
  expect((await plan(first)).digest).toBe(before);
});

it('a signed copy in another repository is taken before one that nobody has signed', async () => {
  const offsite = join(deployment.folder, 'offsite');
  await cp(join(deployment.folder, 'backups'), offsite, { recursive: true });
  const config = JSON.parse(await readFile(deployment.file, 'utf8'));
  const repositories = { ...config.repositories, offsite: { local: offsite } };
  await writeFile(deployment.file, JSON.stringify({ ...config, repositories }));
  await rm(file(second, 'manifest.sig'));
  for (const allowUnsigned of [false, true])
    expect(await plan(second, allowUnsigned)).not.toHaveProperty('unsigned');
});
