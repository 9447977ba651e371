import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { addresses, containerAddress } from '../../../src/tools/container-address.js';
import type { Container } from '../../../src/tools/docker.js';
import { listening } from '../../support/listening.js';

const container = (more: Partial<Container>): Container => ({
  id: 'a',
  name: 'edms-db-1',
  image: 'sha256:a',
  imageName: 'postgres',
  state: 'running',
  health: null,
  healthLog: '',
  exitCode: 0,
  labels: {},
  mounts: [],
  addresses: [],
  ports: [],
  networkMode: 'edms_default',
  env: [],
  stopTimeout: 10,
  stopSignal: 'SIGTERM',
  startedAt: '',
  engineFile: '',
  ...more,
});
const published = (hostAddress: string, host: number, inside = 5432) => ({
  container: inside,
  hostAddress,
  host,
});

/** The port of somebody who listens. */
const listeningPort = (): Promise<number> => {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  return listening(server);
};

test('its own addresses come before published ports, and those of other ports not at all', () => {
  const found = addresses(
    container({
      addresses: ['172.18.0.2', 'fd00::2'],
      ports: [published('0.0.0.0', 15_432), published('::', 15_432), published('0.0.0.0', 80, 8000)],
    }),
    5432,
  );
  expect(found).toEqual([
    { host: '172.18.0.2', port: 5432 },
    { host: 'fd00::2', port: 5432 },
    { host: '127.0.0.1', port: 15_432 },
    { host: '::1', port: 15_432 },
  ]);
});

test('in the host’s own network it listens on the host', async () => {
  expect(await containerAddress(container({ networkMode: 'host' }), 5433)).toEqual({
    host: '127.0.0.1',
    port: 5433,
  });
});

test('the first address that answers is taken', async () => {
  const port = await listeningPort();
  const found = container({ addresses: ['127.0.0.99'], ports: [published('0.0.0.0', port)] });
  expect(await containerAddress(found, 1)).toEqual({ host: '127.0.0.99', port: 1 });
  expect(
    await containerAddress({ ...found, ports: [{ ...published('0.0.0.0', port), container: 1 }] }, 1),
  ).toEqual({
    host: '127.0.0.1',
    port,
  });
});

test('one that does not run, or is in no network, is said to be so', async () => {
  await expect(containerAddress(container({ state: 'stopped' }), 5432)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: 'container edms-db-1 is stopped',
    hint: 'start it: docker start edms-db-1',
  });
  await expect(containerAddress(container({ networkMode: 'none' }), 5432)).rejects.toMatchObject({
    message: 'container edms-db-1 has no address: its network is none',
    hint: 'publish its port 5432, or put it in a network',
  });
});
