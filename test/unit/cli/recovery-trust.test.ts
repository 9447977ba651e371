import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { fingerprint, isFingerprint } from '../../../src/cli/keys/fingerprint.js';
import { createOutput } from '../../../src/cli/output.js';
import { createRecoveryTrust } from '../../../src/cli/recovery/recovery-trust.js';

const keyOf = (byte: number) => `ed25519:${Buffer.alloc(32, byte).toString('base64')}`;
const BACKUP = '20260111T224748Z-full-3f9a';

/** Nobody is there to answer. */
const output = createOutput({
  json: false,
  colour: false,
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
} as never);

const trusting = (trust: string[], allowUnsigned = false) =>
  createRecoveryTrust({ trust, allowUnsigned }, output);

test('the key that was given counts, and no other one', async () => {
  const trust = trusting([keyOf(1)]);
  await trust.require({ kind: 'trusted', key: keyOf(1) }, BACKUP);
  await expect(trust.require({ kind: 'unknown', key: keyOf(2) }, BACKUP)).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
  });
  await expect(trust.require({ kind: 'nobody', key: '' }, BACKUP)).rejects.toMatchObject({
    code: 'UNSIGNED',
  });
  expect(trust.known()).toEqual({ own: null, keys: [keyOf(1)] });
});

test('without one, and with nobody to ask, none counts', async () => {
  await expect(trusting([]).require({ kind: 'unknown', key: keyOf(1) }, BACKUP)).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
    hint: expect.stringContaining('--trust KEY'),
  });
});

test('whatever was asked for in spite of its signature makes no key trusted', async () => {
  const trust = trusting([], true);
  await trust.require({ kind: 'unknown', key: keyOf(1) }, BACKUP);
  await trust.require({ kind: 'nobody', key: '' }, BACKUP);
  expect(trust.known().keys).toEqual([]);
});

test('what is no public key is refused before anything is read', () => {
  expect(() => trusting(['ed25519:short'])).toThrow('--trust takes a public signing key');
  expect(() => trusting(['age1abc'])).toThrow('--trust takes a public signing key');
});

test('a fingerprint is typed with or without spaces, in either case, and never in part', () => {
  const key = keyOf(1);
  expect(fingerprint(key)).toMatch(/^([0-9a-f]{4} ){5}[0-9a-f]{4}$/);
  expect(isFingerprint(fingerprint(key), key)).toBe(true);
  expect(isFingerprint(` ${fingerprint(key).replaceAll(' ', '').toUpperCase()} `, key)).toBe(true);
  for (const wrong of ['', fingerprint(key).slice(0, -1), fingerprint(keyOf(2)), `${fingerprint(key)}0`])
    expect(isFingerprint(wrong, key)).toBe(false);
});
