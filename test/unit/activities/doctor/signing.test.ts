import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lookAtSigning } from '../../../../src/activities/doctor/signing.js';
import { outboxFolder } from '../../../../src/catalog/log-place.js';
import { signingKey, signingKeyFile } from '../../../../src/catalog/signing-key.js';
import type { Config, Deployment } from '../../../../src/config/config.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-signing-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const said = async (): Promise<string[]> =>
  (await lookAtSigning({ state } as Config, { name: 'edms' } as Deployment)).map(
    ({ level, message }) => `${level} ${message.replaceAll(state, '…')}`,
  );

it('a key that this user alone can read is well, and shown', async () => {
  expect(await said()).toEqual(['ok the signing key is made when the agent starts']);
  const { publicKey } = await signingKey(state);
  expect(await said()).toEqual([`ok backups and log are signed by ${publicKey}, which this user alone can`]);
});

it.each([
  [0o640, 'warning its group can read the signing key …/keys/signing.pem'],
  [0o644, 'problem the signing key …/keys/signing.pem can be read by others (mode 0644)'],
  [0o620, 'problem the signing key …/keys/signing.pem can be changed by others (mode 0620)'],
])('a key of mode %o is not', async (mode, words) => {
  await signingKey(state);
  await chmod(signingKeyFile(state), mode);
  expect(await said()).toEqual([expect.stringContaining(words)]);
});

it('entries that a repository lacks for hours are said, those of this minute are not', async () => {
  const folder = outboxFolder(state, 'edms');
  await mkdir(folder, { recursive: true });
  const name = (at: Date) => `${at.toISOString().replace(/[-:.]/g, '')}-backup-0123456789.json`;
  await writeFile(join(folder, name(new Date())), '');
  expect(await said()).toHaveLength(1);
  await writeFile(join(folder, name(new Date(Date.now() - 2 * 3_600_000))), '');
  expect(await said()).toContain('warning entries of the log that a repository still lacks after an hour: 1');
});
