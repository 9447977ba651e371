import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { PASSED_KEYWORDS } from '../../../src/config/libpq-keywords.js';
import { postgresVariables } from '../../../src/tools/postgres-variables.js';

test('a parameter is the variable that libpq reads', () => {
  expect(
    postgresVariables({ sslmode: 'verify-full', connect_timeout: '5', ssl_min_protocol_version: 'TLSv1.3' }),
  ).toEqual({ PGSSLMODE: 'verify-full', PGCONNECT_TIMEOUT: '5', PGSSLMINPROTOCOLVERSION: 'TLSv1.3' });
});

test('a password of a key is no variable', () => {
  expect(postgresVariables({ sslpassword: 'secret', keepalives_idle: '10' })).toEqual({});
});

test('every variable is one that libpq knows, but for those that only newer ones know', () => {
  const { stdout } = execaSync(
    'sh',
    ['-c', 'cat $(ldconfig -p | sed -n "s/.*libpq.so.5 .*=> //p" | head -1)'],
    {
      encoding: 'buffer',
    },
  );
  const libpq = Buffer.from(stdout).toString('latin1');
  const newer = ['PGREQUIREAUTH', 'PGSSLCERTMODE', 'PGGSSDELEGATION', 'PGSSLNEGOTIATION'];
  const newest = ['PGMINPROTOCOLVERSION', 'PGMAXPROTOCOLVERSION'];
  const variables = Object.keys(
    postgresVariables(Object.fromEntries(PASSED_KEYWORDS.map((key) => [key, '']))),
  );
  const unknown = variables.filter((name) => !libpq.includes(name) && ![...newer, ...newest].includes(name));
  expect(unknown).toEqual([]);
});
