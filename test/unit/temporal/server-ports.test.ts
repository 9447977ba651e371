import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePorts } from '../../../src/temporal/server-ports.js';
import { listening } from '../../support/listening.js';

const somebody = async () => {
  const server = createServer();
  return { port: await listening(server), close: () => server.close() };
};

test('ports that are free are taken again', async () => {
  const wish = await choosePorts([]);
  const again = await choosePorts([wish]);
  expect(again).toEqual({ ...wish, ui: again.ui });
});

test('a port that is taken is left to whom it belongs, the others stay', async () => {
  const wish = await choosePorts([]);
  const other = await somebody();
  const ports = await choosePorts([{ ...wish, httpPort: other.port }]);
  other.close();
  expect(ports).toEqual({ ...wish, httpPort: ports.httpPort, ui: ports.ui });
  expect(ports.httpPort).not.toBe(other.port);
});

test('no port is given twice', async () => {
  const { port } = await choosePorts([]);
  const ports = await choosePorts([{ port, httpPort: port, uiPort: port }]);
  expect(new Set([ports.port, ports.httpPort, ports.uiPort]).size).toBe(3);
});
