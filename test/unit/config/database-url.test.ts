import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../../src/config/database-url.js';

const targetOf = (url: string) => {
  const parsed = parseDatabaseUrl(url);
  return 'problem' in parsed ? parsed.problem : parsed.target;
};
const problemOf = (url: string) => {
  const parsed = parseDatabaseUrl(url);
  return 'problem' in parsed ? parsed.problem : `no problem: ${JSON.stringify(parsed.target)}`;
};

const plain = { host: 'db', port: 5432, user: 'edms', password: null, database: 'edms', parameters: {} };

describe('a URL is read as libpq reads it', () => {
  test.each([
    ['postgres://edms@db/edms', plain],
    ['postgresql://edms@db:5433/edms', { ...plain, port: 5433 }],
    ['postgresql://edms@db:/edms', plain],
    ['postgres://edms:pw@db/edms', { ...plain, password: 'pw' }],
    ['postgres://edms:@db/edms', plain],
    ['postgres://edms:a:b@db/edms', { ...plain, password: 'a:b' }],
    ['postgres://e%40x:p%2Fw%3A%25@db/e%20d', { ...plain, user: 'e@x', password: 'p/w:%', database: 'e d' }],
    ['postgres://edms:a+b@db/edms', { ...plain, password: 'a+b' }],
    ['postgres://edms@[2001:db8::1]:6432/edms', { ...plain, host: '2001:db8::1', port: 6432 }],
    ['postgres://edms@%2Fvar%2Frun%2Fpostgresql/edms', { ...plain, host: '/var/run/postgresql' }],
    ['postgres://edms@/edms?host=/var/run/postgresql', { ...plain, host: '/var/run/postgresql' }],
    ['postgres:///edms?host=/run/pg&user=edms&port=5433', { ...plain, host: '/run/pg', port: 5433 }],
    ['postgres://a:b@c/d?user=edms&password=x&host=db&dbname=edms', { ...plain, password: 'x' }],
    [
      'postgres://edms@db/edms?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=5',
      { ...plain, parameters: { sslmode: 'verify-full', sslrootcert: '/etc/ca.pem', connect_timeout: '5' } },
    ],
    [
      'postgres://edms@db/edms?options=-c%20work_mem=1GB',
      'has something after the question mark that is not name=value, percent-encoded',
    ],
    [
      'postgres://edms@db/edms?options=-c%20work_mem%3D1GB',
      { ...plain, parameters: { options: '-c work_mem=1GB' } },
    ],
    ['postgres://edms@db/edms?ssl=true', { ...plain, parameters: { sslmode: 'require' } }],
    ['postgres://edms@db/edms?application_name=web&client_encoding=latin1', plain],
  ])('%s', (url, expected) => {
    expect(targetOf(url)).toEqual(expected);
  });
});

const FORM =
  'is not of the form postgres://USER@HOST:PORT/NAME; every : / @ ? # % within user, password and name must be percent-encoded';

describe('what is wrong with a URL is said in words', () => {
  test.each([
    ['', FORM],
    ['http://edms@db/edms', FORM],
    ['postgresql+psycopg://edms@db/edms', FORM],
    ['host=db user=edms', FORM],
    ['postgres://edms:s%zz@db/edms', FORM],
    ['postgres://edms:s3cr@et@db/edms', FORM],
    ['postgres://edms:s3cr/et@db/edms', FORM],
    ['postgres://edms:12/et?a=1@db/edms', FORM],
    ['postgres://edms@::1/edms', FORM],
    ['postgres://edms@/edms', 'names no host; for a Unix socket, end it with ?host=/folder'],
    ['postgres://edms@db1,db2/edms', 'has a host that names several hosts; name the one to back up'],
    [
      'postgres://edms@d b/edms',
      'has a host that is not a host name, an address or the absolute folder of a socket; the port has a place of its own',
    ],
    ['postgres://edms@db:0/edms', 'has a port that is not a number from 1 to 65535'],
    ['postgres://edms@db:65536/edms', 'has a port that is not a number from 1 to 65535'],
    ['postgres://edms@db:5432x/edms', 'has a port that is not a number from 1 to 65535'],
    ['postgres://db/edms', 'names no user'],
    ['postgres://edms@db', 'names no database'],
    ['postgres://edms@db/', 'names no database'],
    ['postgres://edms:a%0Ab@db/edms', 'has a password that holds a control character'],
    ['postgres://edms@db/e%0Ab', 'has a database name that holds a control character'],
    [`postgres://edms@db/${'ä'.repeat(32)}`, 'has a database name that is longer than 63 bytes'],
    [
      'postgres://edms@db/edms?sslmodes=require',
      'has the parameter sslmodes, which PostgreSQL’s programs do not take; did you mean sslmode?',
    ],
    [
      'postgres://edms@db/edms?pgbouncer=true',
      'has the parameter pgbouncer, which PostgreSQL’s programs do not take',
    ],
    [
      'postgres://edms@db/edms?sslmode',
      'has something after the question mark that is not name=value, percent-encoded',
    ],
    ['postgres://edms@db/edms?options=a%0Ab', 'has a parameter that holds a control character'],
  ])('%s', (url, problem) => {
    expect(problemOf(url)).toBe(problem);
  });
});

const word = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' });

test('whatever is percent-encoded into a URL comes out of it again', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(word, word, word, port, word, (user, password, database, number, options) => {
      const [u, p, d, o] = [user, password, database, options].map(encodeURIComponent);
      expect(targetOf(`postgres://${u}:${p}@db.example.com:${number}/${d}?options=${o}`)).toEqual({
        host: 'db.example.com',
        port: number,
        user,
        password,
        database,
        parameters: { options },
      });
    }),
  );
});

test('no problem repeats a password, however badly it is encoded', () => {
  const secret = 'zq7-zq8';
  const junk = fc.string({
    maxLength: 4,
    unit: fc.constantFrom('/', '@', '?', '#', '%', ':', '=', '&', '[', ']', ' ', '4'),
  });
  fc.assert(
    fc.property(junk, junk, (before, after) => {
      const problem = problemOf(`postgres://edms:${before}${secret}${after}@db:x/edms`);
      return !problem.includes('zq7') && !problem.includes('zq8');
    }),
    { numRuns: 2000 },
  );
});
