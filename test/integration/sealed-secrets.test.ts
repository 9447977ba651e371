// Secrets encrypted to those who may open the backups, and opened again.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.js';
import { resolveAll, seal, unseal } from '../../src/operations/sealed-secrets.js';
import { NOT_REGISTERED } from '../../src/tools/process.js';
import { ageKey, decrypted, sshKey } from '../support/age-keys.js';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-sealed-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const mine = ageKey(folder, 'mine');
const other = sshKey(folder, 'other');
const stranger = ageKey(folder, 'stranger');
const run = { signal: new AbortController().signal, processes: NOT_REGISTERED, stallTimeoutMs: 30_000 };
const secrets = new Map([
  ['env:DB', 'zq7 "quoted" ü'],
  ['file:/etc/holdfast/x', 'second'],
]);

it('each recipient opens them, with age alone too, and nobody else', async () => {
  const { bytes, rawBytes } = await seal(secrets, [mine.recipient, other.recipient], run);
  expect(bytes.includes('zq7')).toBe(false);
  for (const { file } of [mine, other])
    expect(await unseal(bytes, file, run)).toEqual(Object.fromEntries(secrets));
  const plain = decrypted(bytes, mine);
  expect(plain).toHaveLength(rawBytes);
  expect(JSON.parse(plain.toString())).toEqual({ version: 1, secrets: Object.fromEntries(secrets) });
  await expect(unseal(bytes, stranger.file, run)).rejects.toMatchObject({ code: 'WRONG_KEY' });
});

it('the secrets of whoever is told are among them, and none that cannot be read keeps a backup from being made', async () => {
  const file = (name: string) => join(folder, name);
  for (const name of ['database', 'smtp'])
    await writeFile(file(name), `the ${name} secret\n`, { mode: 0o600 });
  const text = `
state: ${folder}
repositories: { local: { local: ${file('backups')} } }
encryption: { recipients: [${mine.recipient}] }
notify:
  - email: { to: a@example.com, from: b@example.com, smtp: "file:${file('smtp')}" }
  - webhook: { url: "file:${file('nowhere')}", secret: "file:${file('database')}" }
deployments:
  edms: { sealSecrets: true, database: { host: db, name: edms, user: edms, password: "file:${file('database')}" } }
`;
  const config = await parseConfig({ file: file('holdfast.yaml'), text });
  const { edms } = config.deployments;
  if (edms === undefined) throw new Error('there is no edms');
  expect(await resolveAll(config, edms)).toEqual({
    secrets: new Map([
      [`file:${file('database')}`, 'the database secret'],
      [`file:${file('smtp')}`, 'the smtp secret'],
    ]),
    unread: ['notify[1].webhook.url'],
  });
});

it('what was changed is not read, and what holds something else is not quoted', async () => {
  const { bytes } = await seal(secrets, [mine.recipient], run);
  const changed = Buffer.from(bytes);
  changed.writeUInt8((changed.at(-1) ?? 0) ^ 1, changed.length - 1);
  await expect(unseal(changed, mine.file, run)).rejects.toThrow();
  await expect(unseal(bytes.subarray(0, -20), mine.file, run)).rejects.toThrow();
  const foreign = execFileSync('age', ['--encrypt', '--recipient', mine.recipient], { input: '{"zq7": 1' });
  await expect(unseal(foreign, mine.file, run)).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
    message: 'secrets.json.age holds no sealed secrets',
  });
});
