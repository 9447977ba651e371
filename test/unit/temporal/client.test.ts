import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporalAddress } from '../../../src/temporal/client.js';
import { createServerFolder, writeServerRecord } from '../../../src/temporal/server-record.js';
import { processStartTime } from '../../../src/tools/process-group.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  vi.stubEnv('TEMPORAL_CONFIG_FILE', join(folder, 'temporal.toml'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const external = { kind: 'address', address: 'temporal.example.com:7233', namespace: 'holdfast' } as const;
/** A server’s process that lives: this one. */
const record = {
  pid: process.pid,
  startTime: (await processStartTime(process.pid)) ?? '',
  port: 7301,
  httpPort: 7302,
  uiPort: 7303,
  ui: { host: '127.1.2.3', port: 7304 },
  version: '1.9.1',
  httpHost: 'secret.holdfast.invalid',
  schedules: true,
};

test('the address of holdfast.yaml is used where Temporal’s own configuration says nothing', async () => {
  const { options, namespace, uiUrl } = await temporalAddress({ state: folder, temporal: external });
  expect({ options, namespace, uiUrl }).toEqual({
    options: { address: 'temporal.example.com:7233' },
    namespace: 'holdfast',
    uiUrl: null,
  });
});

test('TEMPORAL_ variables win over holdfast.yaml', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'other.example.com:7233');
  vi.stubEnv('TEMPORAL_NAMESPACE', 'other');
  const { options, namespace } = await temporalAddress({ state: folder, temporal: external });
  expect([options.address, namespace]).toEqual(['other.example.com:7233', 'other']);
});

test('temporal.toml wins over holdfast.yaml, and its key travels encrypted', async () => {
  await writeFile(
    join(folder, 'temporal.toml'),
    '[profile.default]\naddress = "cloud.example.com:7233"\napi_key = "k"\n',
  );
  const { options, namespace } = await temporalAddress({ state: folder, temporal: external });
  expect(options).toMatchObject({ address: 'cloud.example.com:7233', apiKey: 'k', tls: expect.anything() });
  expect(namespace).toBe('holdfast');
});

test('a temporal.toml that cannot be read is named as the cause', async () => {
  await writeFile(join(folder, 'temporal.toml'), '[profile');
  await expect(temporalAddress({ state: folder, temporal: external })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('temporal.toml'),
  });
});

test('the embedded server’s address comes from its record, whatever TEMPORAL_ADDRESS says', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', 'other.example.com:7233');
  await createServerFolder(folder);
  await writeServerRecord(folder, { ...record, ready: true });
  expect(await temporalAddress({ state: folder, temporal: { kind: 'embedded' } })).toEqual({
    options: { address: '127.0.0.1:7301' },
    namespace: 'holdfast',
    uiUrl: 'http://127.0.0.1:7303',
  });
});

test('a server that has ended is not running, whoever uses its port now', async () => {
  await createServerFolder(folder);
  await writeServerRecord(folder, { ...record, startTime: 'long ago', ready: true });
  await expect(temporalAddress({ state: folder, temporal: { kind: 'embedded' } })).rejects.toMatchObject({
    code: 'TEMPORAL_UNREACHABLE',
  });
});

test.for(['{"pid": ', '{}', 'ready: false'])(
  'a server that was never announced is not running: %s',
  async (text) => {
    await createServerFolder(folder);
    if (text === 'ready: false') await writeServerRecord(folder, { ...record, ready: false });
    else await writeFile(join(folder, 'temporal/server.json'), text);
    await expect(temporalAddress({ state: folder, temporal: { kind: 'embedded' } })).rejects.toMatchObject({
      code: 'TEMPORAL_UNREACHABLE',
    });
  },
);
