import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { failureOf, writeConfig } from './holdfast-yaml.js';

const withTrust = (trust: unknown) =>
  writeConfig(
    JSON.stringify({
      state: '/var/lib/edms-agent',
      repositories: { local: { local: '/srv/backups' } },
      trust,
      deployments: { edms: { files: { storage: '/srv/edms/storage' } } },
    }),
  );

const KEY = `ed25519:${'A'.repeat(42)}E=`;

test('trust names public signing keys; without it nobody else is trusted', async () => {
  expect((await loadConfig({ file: await withTrust([KEY]) })).trust).toEqual([KEY]);
  expect((await loadConfig({ file: await withTrust(undefined) })).trust).toEqual([]);
});

test('it says nothing about a deployment, whose digest stays the same', async () => {
  const digest = async (trust?: string[]) =>
    (await loadConfig({ file: await withTrust(trust) })).deployments.edms?.digest;
  expect(await digest([KEY])).toBe(await digest());
});

test('every key that is none is named, all at once', async () => {
  const file = await withTrust([KEY, 'age1abc', KEY.replace('E=', 'F='), `${KEY} `, 7]);
  const { message } = await failureOf(() => loadConfig({ file }));
  for (const index of [1, 2, 3, 4]) expect(message).toContain(`trust[${index}]`);
  expect(message).toContain('must be a public signing key');
  expect(message).not.toContain('trust[0]');
});
