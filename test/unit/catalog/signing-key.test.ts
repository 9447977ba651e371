import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSignature, publicKeyPem, signed } from '../../../src/catalog/signing.js';
import { knownSigningKey, signingKey, signingKeyFile, trustOf } from '../../../src/catalog/signing-key.js';
import { PUBLIC_KEY_PATTERN, signerOf } from '../../../src/domain/signature.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-key-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

it('is made once, however many ask at the same time, private to its user', async () => {
  expect(await knownSigningKey(state)).toBeNull();
  const made = await Promise.all(Array.from({ length: 8 }, () => signingKey(state)));
  expect(new Set(made.map(({ publicKey }) => publicKey)).size).toBe(1);
  expect(made[0]?.publicKey).toMatch(PUBLIC_KEY_PATTERN);
  expect((await stat(signingKeyFile(state))).mode & 0o777).toBe(0o600);
  expect((await stat(join(state, 'keys'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(state, 'keys'))).toEqual(['signing.pem']);
});

it.each([0o604, 0o660, 0o622])('with mode %i it is neither used nor trusted', async (mode) => {
  await signingKey(state);
  await chmod(signingKeyFile(state), mode);
  const refusal = { code: 'STATE_DAMAGED', message: expect.stringContaining(signingKeyFile(state)) };
  await expect(signingKey(state)).rejects.toMatchObject(refusal);
  await expect(trustOf({ state, trust: [] })).rejects.toMatchObject(refusal);
});

it.each(['', 'no key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
  'that holds %j is refused and never replaced',
  async (text) => {
    await mkdir(join(state, 'keys'));
    await writeFile(signingKeyFile(state), text, { mode: 0o600 });
    await expect(signingKey(state)).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
  },
);

it('a signature holds for its bytes and its key alone, and openssl agrees', async () => {
  const key = await signingKey(state);
  const bytes = Buffer.from('a manifest');
  const signature = signed(key, bytes);
  expect(isSignature(signature, bytes)).toBe(true);
  expect(isSignature(signature, Buffer.from('a manifesu'))).toBe(false);
  const other = await signingKey(join(state, 'other'));
  expect(isSignature({ ...signature, key: other.publicKey }, bytes)).toBe(false);
  expect(isSignature({ ...signature, key: `ed25519:${'/'.repeat(43)}=` }, bytes)).toBe(false);
  await writeFile(join(state, 'pem'), publicKeyPem(key.publicKey));
  await writeFile(join(state, 'sig'), Buffer.from(signature.signature, 'base64'));
  await writeFile(join(state, 'bytes'), bytes);
  const checked = execFileSync(
    'openssl',
    ['pkeyutl', '-verify', '-pubin', '-inkey', 'pem', '-rawin', '-in', 'bytes', '-sigfile', 'sig'],
    { cwd: state },
  );
  expect(checked.toString()).toContain('Signature Verified Successfully');
});

it('its own and those of holdfast.yaml are trusted, and no other', async () => {
  const own = (await signingKey(state)).publicKey;
  const trust = await trustOf({ state, trust: ['ed25519:other'] });
  expect(signerOf(own, trust).kind).toBe('this host');
  expect(signerOf('ed25519:other', trust).kind).toBe('trusted');
  expect(signerOf('ed25519:stranger', trust).kind).toBe('unknown');
});
