// A machine that has nothing but a bucket's address and credentials in the environment.
import { readFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { loseMachine } from '../support/lost-machine.js';
import { startS3Server } from '../support/s3-servers.js';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 });

const server = await startS3Server('seaweedfs');
const { bucket, prefix, endpoint, accessKeyId, secretAccessKey } = server.settings();
const machine = await loseMachine({
  top: async () => ({
    repositories: { offsite: { s3: { bucket, prefix, endpoint, accessKeyId, secretAccessKey, partMiB: 8 } } },
  }),
});

afterAll(async () => {
  await machine.remove();
  await server.stop();
});

const variableOf = (reference: string | null): string => {
  const name = (reference ?? '').replace('env:', '');
  return process.env[name] ?? '';
};

it('one line and two variables bring back everything, and the bucket keeps its other settings', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: variableOf(accessKeyId),
    AWS_SECRET_ACCESS_KEY: variableOf(secretAccessKey),
  };
  const from = `s3://${bucket}/${prefix}?endpoint=${endpoint}`;
  const ended = await machine.recover(['--trust', machine.trust, '--yes', '--json'], { from, env });
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(await machine.live()).toEqual(machine.old);
  const yaml = await readFile(machine.config, 'utf8');
  expect(yaml).toContain('partMiB: 8');
  expect(yaml).not.toContain('accessKeyId');
  expect(`${yaml}${ended.stderr}`).not.toContain(env.AWS_SECRET_ACCESS_KEY);
});
