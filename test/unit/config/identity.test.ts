import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { resolveIdentity } from '../../../src/config/identity.js';
import { redacted } from '../../../src/config/redacted.js';
import { Failure } from '../../../src/domain/failure.js';
import { ageKey, sshKey } from '../../support/age-keys.js';
import { failureOf, testFolder } from './holdfast-yaml.js';

const run = async (): Promise<string> => {
  throw new Failure('TOOL_FAILED', 'nothing is run here');
};
const resolve = (reference: string, program = run) =>
  resolveIdentity(reference, { path: 'encryption.identity', run: program });

const fileWith = async (text: string | Buffer): Promise<string> => {
  const file = join(await testFolder(), 'key.txt');
  await writeFile(file, text, { mode: 0o600 });
  return `file:${file}`;
};

it('a file of several keys and comments is taken whole, from wherever it is referred to', async () => {
  const folder = await testFolder();
  const [one, other] = await Promise.all(
    ['one', 'other'].map((name) => readFile(ageKey(folder, name).file, 'utf8')),
  );
  const text = `${one}\n# the other one\n${other}`;
  expect(await resolve(await fileWith(text))).toBe(text);
  expect(await resolve('command:vault read key', async () => text)).toBe(text);
  vi.stubEnv('HOLDFAST_TEST_KEY', text.trimEnd());
  expect(await resolve('env:HOLDFAST_TEST_KEY')).toBe(text);
  vi.unstubAllEnvs();
});

it('an SSH key is taken as it is', async () => {
  const { file } = sshKey(await testFolder(), 'laptop');
  expect(await resolve(`file:${file}`)).toBe(await readFile(file, 'utf8'));
});

it('what was read is in nobody’s words any more, line by line', async () => {
  const folder = await testFolder();
  for (const { file } of [ageKey(folder, 'mine'), sshKey(folder, 'laptop')]) {
    const text = await resolve(`file:${file}`);
    const secret = text.split('\n').find((line) => /^(AGE-SECRET|b3Blbn)/.test(line)) ?? '';
    expect(secret.length).toBeGreaterThan(50);
    expect(redacted(`age: malformed: ${secret}!`)).toBe('age: malformed: [secret]!');
  }
});

const protectedRsa = async (): Promise<string> => {
  const file = join(await testFolder(), 'rsa');
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    'rsa',
    '-b',
    '2048',
    '-m',
    'PEM',
    '-N',
    'a passphrase',
    '-f',
    file,
  ]);
  return `file:${file}`;
};

const BY_PASSPHRASE = /passphrase.*nobody is there to type it/;

it.each([
  ['an SSH key', async () => `file:${sshKey(await testFolder(), 'laptop', 'a passphrase').file}`],
  ['an older SSH key', protectedRsa],
  [
    'age’s own, in letters',
    () => fileWith('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n'),
  ],
  ['age’s own', () => fileWith(Buffer.from('age-encryption.org/v1\n-> scrypt \xff\xfe\n', 'latin1'))],
])('%s with a passphrase is refused with the reason', async (_what, reference) => {
  const { code, message } = await failureOf(async () => resolve(await reference()));
  expect(code).toBe('CONFIG_INVALID');
  expect(message).toMatch(BY_PASSPHRASE);
});

it.each([
  ['', /is empty|holds no key/],
  ['# nothing but words\n', /holds no key/],
  [
    'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n',
    /holds a public key, which opens nothing/,
  ],
  ['ssh-ed25519 AAAA me\n', /holds a public key/],
  ['AGE-PLUGIN-YUBIKEY-1QQQ\n', /one of age’s plugins/],
  ['AGE-SECRET-KEY-1MISTYPED\n', /no secret key of age, or a mistyped one/],
  ['hunter2\n', /no secret key of age/],
])('%j is refused, and nothing of it is repeated', async (text, words) => {
  const { code, message } = await failureOf(async () => resolve(await fileWith(text)));
  expect(code).toBe('CONFIG_INVALID');
  expect(message).toMatch(words);
  expect(message).not.toMatch(/MISTYPED|hunter2/);
});
