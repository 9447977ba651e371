import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { DatabaseTarget } from '../../../src/config/targets.js';
import { databaseFailure } from '../../../src/database/database-failure.js';
import { Failure } from '../../../src/domain/failure.js';

const target: DatabaseTarget = {
  name: 'main',
  host: 'db',
  port: 5432,
  user: 'app',
  password: 'very secret',
  database: 'app',
  parameters: {},
};

const fromServer = (code: string) => Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code });

describe('a failure of the database', () => {
  it.each([
    ['28P01', 'DATABASE_CREDENTIALS', false],
    ['28000', 'DATABASE_CREDENTIALS', false],
    ['3D000', 'UNKNOWN_DATABASE', false],
    ['42501', 'DATABASE_RIGHTS', false],
    ['57P01', 'DATABASE_UNREACHABLE', true],
    ['57P03', 'DATABASE_UNREACHABLE', true],
    ['53300', 'DATABASE_UNREACHABLE', true],
    ['53100', 'DISK_FULL', false],
    ['55006', 'DATABASE_NOT_READY', true],
    ['42704', 'DATABASE_NOT_READY', false],
  ])('with SQLSTATE %s is %s', (state, code, retryable) => {
    expect(databaseFailure(fromServer(state), target, 'app')).toMatchObject({ code, retryable });
  });

  it('says where it happened, without the password', () => {
    const failure = databaseFailure(fromServer('3D000'), target, 'other');
    expect(failure).toMatchObject({ message: 'PostgreSQL (app@db:5432/other): refused' });
  });

  it('of the connection is one that waiting may mend', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    expect(databaseFailure(refused, target, 'app')).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      retryable: true,
    });
  });

  it('leaves what others threw alone', () => {
    const others = new RangeError('ours');
    const known = new Failure('BUSY', 'taken');
    expect(databaseFailure(others, target, 'app')).toBe(others);
    expect(databaseFailure(known, target, 'app')).toBe(known);
  });
});
