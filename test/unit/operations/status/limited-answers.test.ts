// A repository that never answers does not keep a page waiting, and is not waited for twice.
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { RepositorySettings } from '../../../../src/config/config.js';
import { limitedAnswers } from '../../../../src/operations/status/limited-answers.js';
import { listening } from '../../../support/listening.js';
import { places } from '../../../support/stored-backup.js';

const LIMITS = { firstMs: 300, eachMs: 300 };
const expected = async () => true;

/** Takes connections and says nothing. */
const deafServer = async (): Promise<{ settings: RepositorySettings; connections: () => number }> => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('DEAF_KEY', 'key');
  const settings = {
    ...{ kind: 's3' as const, name: 'offsite', bucket: 'b', prefix: '', region: 'eu-central-1' },
    ...{ endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true },
    ...{ accessKeyId: 'env:DEAF_KEY', secretAccessKey: 'env:DEAF_KEY' },
  };
  return { settings: settings as unknown as RepositorySettings, connections: () => sockets.length };
};

it('one that does not answer in time is said to, and asked no more', async () => {
  const { settings, connections } = await deafServer();
  const answering = limitedAnswers(expected, LIMITS);
  const asked: string[] = [];
  const ask = async () => void asked.push('asked');
  const refused = {
    code: 'REPOSITORY_UNREACHABLE',
    message: 'repository offsite did not answer within 0.3 s',
  };
  await expect(answering(settings, ask)).rejects.toMatchObject(refused);
  const before = connections();
  await expect(answering(settings, ask)).rejects.toMatchObject(refused);
  expect({ asked, more: connections() - before }).toEqual({ asked: [], more: 0 });
});

it('one that answers once and then not is asked no more either', async () => {
  const { local } = await places();
  const answering = limitedAnswers(async () => false, LIMITS);
  const never = () => new Promise<never>(() => undefined);
  const refused = { message: 'repository local did not answer within 0.3 s' };
  await expect(answering(local, never)).rejects.toMatchObject(refused);
  await expect(answering(local, async () => 'late')).rejects.toMatchObject(refused);
});

it('a folder that must be there by now and is not is missing; before the first backup it is not', async () => {
  const { local } = await places();
  const list = async () => ['all'];
  await expect(limitedAnswers(expected)(local, list)).rejects.toMatchObject({
    message: `repository local at ${local.path}: the folder is missing`,
  });
  expect(await limitedAnswers(async () => false)(local, list)).toEqual(['all']);
});
