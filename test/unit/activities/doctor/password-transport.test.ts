import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { transportOf } from '../../../../src/activities/doctor/password-transport.js';
import type { DatabaseTarget } from '../../../../src/config/targets.js';

const target = (changes: Partial<DatabaseTarget>): DatabaseTarget => ({
  ...{ name: 'main', host: 'db.example.com', port: 5432, user: 'edms', database: 'edms' },
  password: 'secret',
  parameters: {},
  ...changes,
});

const levels = (changes: Partial<DatabaseTarget>) => transportOf(target(changes)).map(({ level }) => level);

test.each([
  [{}, 'prefer'],
  [{ parameters: { sslmode: 'disable' } }, 'disable'],
  [{ parameters: { sslmode: 'allow' } }, 'allow'],
])('a password to another host that may go in plain text is a warning: %j', (changes, mode) => {
  expect(transportOf(target(changes))).toEqual([
    expect.objectContaining({
      level: 'warning',
      message: `database main: its password may be sent to db.example.com unencrypted (sslmode ${mode})`,
    }),
  ]);
});

test.each(['require', 'verify-ca', 'verify-full'])('with sslmode %s it is encrypted', (sslmode) => {
  expect(levels({ parameters: { sslmode } })).toEqual(['ok']);
});

const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);

test.each(['/run/postgresql', 'localhost', '127.0.0.1', '127.1.2.3', '::1', ...own])(
  'to %s it does not leave the host',
  (host) => {
    expect(levels({ host })).toEqual(['ok']);
  },
);

test('where hostaddr says another address than the host’s name, it counts', () => {
  expect(levels({ host: 'localhost', parameters: { hostaddr: '192.0.2.7' } })).toEqual(['warning']);
});

test('a container’s address is on this host, and without a password there is nothing to tell', () => {
  const container = { id: 'c', name: 'db', image: 'i', port: 5432 };
  expect(levels({ host: '172.18.0.2', container })).toEqual(['ok']);
  expect(levels({ password: null })).toEqual([]);
});
