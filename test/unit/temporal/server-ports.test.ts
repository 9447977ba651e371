import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePorts } from '../../../src/temporal/server-ports.js';

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

test('ports that are free are taken again', async () => {
  const wish = await choosePorts([]);
  const again = await choosePorts([wish]);
  expect(again).toEqual({ ...wish, ui: again.ui });
});

test('a port that is taken is left to whom it belongs, the others stay', async () => {
  const wish = await choosePorts([]);
  const other = await listening();
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
