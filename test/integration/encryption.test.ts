// Encrypted backups by the real age: who can open them, what is said to who cannot, and where the key is meanwhile.
import { appendFile, chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import { parseManifest } from '../../src/catalog/manifest-file.js';
import { parseVerifyRequest } from '../../src/domain/copy-requests.js';
import { parseRestoreRequest } from '../../src/domain/requests.js';
import { endOrphans } from '../../src/operations/agent/processes.js';
import { ageKey, decrypted, type Key, sshKey } from '../support/age-keys.js';
import { asActivity, backUp } from '../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../support/files-deployment.js';
import { decoded } from '../support/repository.js';

const ARTIFACT = 'files.storage.tar.zst.age';

let deployment: FilesDeployment;
let mine: Key;
let laptop: Key;
let recipients: string[];

beforeEach(async () => {
  deployment = await createFilesDeployment();
  mine = ageKey(deployment.folder, 'mine');
  laptop = sshKey(deployment.folder, 'laptop');
  recipients = [mine.recipient, laptop.recipient];
});

afterEach(() => deployment.remove());

const identify = (identity?: string) =>
  deployment.configure({}, { encryption: { recipients, ...(identity === undefined ? {} : { identity }) } });

const stored = (backup: string, name = ''): string =>
  join(deployment.folder, 'backups', 'edms', backup, name);

/** Made by an agent that holds no key. */
const made = async (): Promise<string> => {
  await identify();
  return (await backUp(deployment.dependencies, 'edms')).backup;
};

const plan = (backup: string) =>
  asActivity(quickActivities(deployment.dependencies).planRestore, {
    request: parseRestoreRequest({ deployment: 'edms', backup }),
    run: { workflowId: 'w', firstRunId: 'r' },
  });

const decode = async (backup: string) => {
  const request = { ...parseVerifyRequest({ deployment: 'edms', decode: true }), deployment: 'edms' };
  const { verifyBackup } = transferActivities(deployment.dependencies);
  const { problems, closed } = await asActivity(verifyBackup, { request, backup, repository: 'local' });
  expect(closed).toBe(problems.some((line) => /cannot be decoded here/.test(line)) ? true : undefined);
  return problems;
};

it('an agent without a key makes backups that each of the recipients opens, and nobody reads otherwise', async () => {
  const backup = await made();
  const manifest = parseManifest(await readFile(stored(backup, 'manifest.json')), 'edms', backup);
  expect(manifest.recipients).toEqual(recipients);
  expect(manifest.artifacts).toMatchObject([{ name: ARTIFACT, transforms: ['zstd', 'age'] }]);
  const bytes = await readFile(stored(backup, ARTIFACT));
  expect(bytes.includes('a document')).toBe(false);
  for (const key of [mine, laptop]) {
    const tar = decoded(decrypted(bytes, key));
    expect(tar.includes('a document')).toBe(true);
    expect(manifest.artifacts[0]?.rawBytes).toBe(tar.length);
  }
});

it.each(['mine', 'laptop'])('the key %s opens what verify decodes and a restore plans', async (name) => {
  const backup = await made();
  await identify(`file:${join(deployment.folder, name)}`);
  expect(await decode(backup)).toEqual([]);
  expect((await plan(backup)).backup).toBe(backup);
});

it('several keys with comments are one identity: the one that fits is found', async () => {
  const backup = await made();
  const other = ageKey(deployment.folder, 'other');
  const both = join(deployment.folder, 'both');
  await writeFile(both, `# of last year\n${await readFile(other.file, 'utf8')}\n`, { mode: 0o600 });
  await appendFile(both, await readFile(mine.file));
  await identify(`file:${both}`);
  expect(await decode(backup)).toEqual([]);
});

it('without a key a restore is refused when it is planned, and a copy is not called damaged', async () => {
  const backup = await made();
  await expect(plan(backup)).rejects.toMatchObject({
    type: 'KEY_MISSING',
    message: expect.stringMatching(
      /^20\S+ is encrypted to age1\w{6}….{6}, ssh-ed25519 ….{8} \(me@laptop\), and no key is configured here that opens it$/,
    ),
  });
  expect(await decode(backup)).toEqual([
    expect.stringMatching(
      /^is stored as the manifest says, but cannot be decoded here: .*no key is configured/,
    ),
  ]);
});

it('a wrong key is told by the header of one artifact, with the recipients that were meant', async () => {
  const backup = await made();
  await identify(`file:${ageKey(deployment.folder, 'other').file}`);
  await expect(plan(backup)).rejects.toMatchObject({
    type: 'WRONG_KEY',
    message: expect.stringContaining(`is encrypted to ${mine.recipient.slice(0, 10)}…`),
  });
  expect(await decode(backup)).toEqual([expect.stringContaining('the key that is here opens none of it')]);
});

it('a header that was changed is not taken for a wrong key', async () => {
  const backup = await made();
  await identify(`file:${mine.file}`);
  const path = stored(backup, ARTIFACT);
  const bytes = await readFile(path);
  const stanza = bytes.indexOf('-> X25519 ') + 20;
  bytes.writeUInt8(bytes.readUInt8(stanza) === 65 ? 66 : 65, stanza);
  await writeFile(path, bytes);
  expect((await plan(backup)).backup).toBe(backup);
  expect(await decode(backup)).toEqual([expect.stringMatching(/damaged/)]);
});

it('what was stored before encryption was configured needs no key', async () => {
  await deployment.configure();
  const { backup } = await backUp(deployment.dependencies, 'edms');
  await identify();
  expect(await decode(backup)).toEqual([]);
  expect((await plan(backup)).backup).toBe(backup);
});

it.each([
  [
    'that others can read',
    async (file: string) => chmod(file, 0o604),
    /can be read by others \(mode 0604\): chmod o-rwx/,
  ],
  ['that others can change', async (file: string) => chmod(file, 0o622), /can be changed by others/],
  ['that is not there', async () => undefined, /does not exist/],
])('a key file %s is refused', async (what, spoil, words) => {
  const backup = await made();
  await spoil(mine.file);
  await identify(`file:${mine.file}${what === 'that is not there' ? '-gone' : ''}`);
  const refused = { type: 'CONFIG_INVALID', message: expect.stringMatching(words) };
  await expect(plan(backup)).rejects.toMatchObject(refused);
  await expect(decode(backup)).rejects.toMatchObject(refused);
});

it('a key with a passphrase is refused with the reason, and age never asks for it', async () => {
  const backup = await made();
  const { file } = sshKey(deployment.folder, 'protected', 'a passphrase');
  await identify(`file:${file}`);
  await expect(plan(backup)).rejects.toMatchObject({
    type: 'CONFIG_INVALID',
    message: expect.stringMatching(/is protected by a passphrase, and nobody is there to type it/),
  });
});

it('the key is gone when nobody reads with it any more, also that of an agent that was killed', async () => {
  const backup = await made();
  const { state } = deployment.dependencies;
  await identify(`file:${mine.file}`);
  await decode(backup);
  await plan(backup);
  expect(await readdir(join(state, 'runs'))).toEqual([]);
  // No process has the largest number there is.
  for (const folder of ['key-4194304-aaaaaa', join('0123456789', 'key-4194304-bbbbbb')]) {
    await mkdir(join(state, 'runs', folder), { recursive: true, mode: 0o700 });
    await writeFile(join(state, 'runs', folder, 'identity'), 'AGE-SECRET-KEY-1');
  }
  await endOrphans(state);
  expect(await readdir(join(state, 'runs'), { recursive: true })).toEqual(['0123456789']);
});
