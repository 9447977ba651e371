import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { ageKey, sshKey } from '../../support/age-keys.js';
import { problemsIn, testFolder, writeConfig } from './holdfast-yaml.js';

const AGE = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

const yaml = (encryption: string, primary = 'local: /srv/backups'): string =>
  `state: /var/lib/holdfast\nrepositories:\n  main: { ${primary} }\n${
    encryption === '' ? '' : `encryption: ${encryption}\n`
  }deployments:\n  edms:\n    files: { storage: /srv/tree }\n`;

const loaded = async (encryption: string) => loadConfig({ file: await writeConfig(yaml(encryption)) });

it('recipients of age and of SSH are taken as they are written, and the key stays a reference', async () => {
  const { recipient } = sshKey(await testFolder(), 'laptop');
  const recipients = [AGE, recipient];
  const { encryption } = await loaded(JSON.stringify({ recipients, identity: 'file:/etc/holdfast/key.txt' }));
  expect(encryption).toEqual({ recipients, identity: 'file:/etc/holdfast/key.txt' });
});

it('an agent that only encrypts names no key, and one that does not encrypt nothing at all', async () => {
  expect((await loaded(`{ recipients: [${AGE}] }`)).encryption).toEqual({
    recipients: [AGE],
    identity: null,
  });
  expect((await loaded('')).encryption).toBeNull();
});

it('who can open its backups is part of what a deployment is', async () => {
  const digest = async (encryption: string) => (await loaded(encryption)).deployments.edms?.digest;
  const plain = await digest('');
  const encrypted = await digest(`{ recipients: [${AGE}] }`);
  expect(encrypted).not.toBe(plain);
  expect(await digest(`{ recipients: [${AGE}] }`)).toBe(encrypted);
});

it('every key that age-keygen makes has a checksum that fits', async () => {
  const folder = await testFolder();
  const recipients = ['a', 'b', 'c', 'd'].map((name) => ageKey(folder, name).recipient);
  expect((await loaded(JSON.stringify({ recipients }))).encryption?.recipients).toEqual(recipients);
});

const SSH_NO_AGE = 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==';

it.each([
  [
    '{ recipients: [] }',
    'encryption.recipients: must name at least one; without encryption, remove encryption',
  ],
  ['{ identity: env:KEY }', 'encryption.recipients: is missing'],
  [
    `{ recipients: [${AGE.replace('ql3z', 'ql3y')}] }`,
    'encryption.recipients[0]: is mistyped or cut: it is no public key of age',
  ],
  [
    `{ recipients: [${AGE.slice(0, -8)}] }`,
    'encryption.recipients[0]: is mistyped or cut: it is no public key of age',
  ],
  [
    '{ recipients: [age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t] }',
    'encryption.recipients[0]: is of the kind age1yubikey, which needs a plugin of age and a person beside it: use an age1… of age-keygen or an SSH key',
  ],
  [
    `{ recipients: ["${SSH_NO_AGE}"] }`,
    'encryption.recipients[0]: is an SSH key of the kind ecdsa-sha2-nistp256; age encrypts to ssh-ed25519 and ssh-rsa',
  ],
  [
    '{ recipients: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL"] }',
    'encryption.recipients[0]: is mistyped or cut: it is no key of the kind ssh-ed25519',
  ],
  [
    '{ recipients: [me@example.com] }',
    'encryption.recipients[0]: must be a public key: age1… of age-keygen, or an SSH key such as ssh-ed25519 AAAA…',
  ],
  [`{ recipients: [${AGE}, ${AGE}] }`, 'encryption.recipients[1]: names the same key a second time'],
  [
    `{ recipients: [${AGE}], identity: AGE-SECRET-KEY-1QQQ }`,
    'encryption.identity: a secret key is not written here; use env:NAME, file:/path or command:program args',
  ],
  [
    `{ recipients: [${AGE}], identity: "file:key.txt" }`,
    'encryption.identity: file: takes an absolute path: file:/path',
  ],
  [
    `{ recipients: [${AGE}], key: env:KEY }`,
    'encryption.key: is not a known key; known keys: recipients, identity',
  ],
])('what is wrong is said with its place: %s', async (encryption, problem) => {
  expect(await problemsIn(yaml(encryption))).toEqual([problem]);
});

it('a secret key among the recipients is refused and not repeated', async () => {
  const [problem = ''] = await problemsIn(yaml('{ recipients: [AGE-SECRET-KEY-1ZZZZ] }'));
  expect(problem).toMatch(/^encryption\.recipients\[0\]: is a secret key, .*public half/);
  expect(problem).not.toContain('ZZZZ');
});

it('an RSA key that is too short for age is refused', async () => {
  const file = join(await testFolder(), 'short');
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '1024', '-N', '', '-f', file]);
  const recipient = execFileSync('ssh-keygen', ['-y', '-f', file]).toString().trim();
  expect(await problemsIn(yaml(JSON.stringify({ recipients: [recipient] })))).toEqual([
    'encryption.recipients[0]: is an RSA key of less than 2048 bits, which age does not take',
  ]);
});

it('every problem is said at once', async () => {
  const encryption = `{ recipients: [nobody, ${AGE}, AGE-SECRET-KEY-1ZZZZ, ${AGE}], identity: secret }`;
  expect((await problemsIn(yaml(encryption))).map((line) => line.split(':')[0])).toEqual([
    'encryption.recipients[0]',
    'encryption.recipients[2]',
    'encryption.recipients[3]',
    'encryption.identity',
  ]);
});
