import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BACKUP_TYPES,
  backupId,
  backupTime,
  isBackupId,
  isName,
  OPERATION_ID_PATTERN,
  SIDE_DATABASE_PATTERN,
  SIDE_FOLDER_PATTERN,
  sideDatabaseName,
  sideFolderName,
} from '../../../src/domain/names.js';

const moment = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const type = fc.constantFrom(...BACKUP_TYPES);
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}$/);
const role = fc.constantFrom('new' as const, 'previous' as const);

describe('a backup’s id', () => {
  it('is one that is accepted, and says its second and its type', () => {
    fc.assert(
      fc.property(moment, type, hex(4), (at, kind, random) => {
        const id = backupId(at, kind, random);
        expect(isBackupId(id)).toBe(true);
        expect(backupTime(id).getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000);
        const [, said, end] = /^\d{8}T\d{6}Z-(\w+)-(\w+)$/.exec(id) ?? [];
        expect([said, end]).toEqual([kind, random]);
      }),
    );
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(moment, moment, type, hex(4), (a, b, kind, random) => {
        fc.pre(Math.floor(a.getTime() / 1000) !== Math.floor(b.getTime() / 1000));
        expect(backupId(a, kind, random) < backupId(b, kind, random)).toBe(a < b);
      }),
    );
  });

  it.each([
    '',
    'latest',
    '../../x',
    '20260111T224748Z-full-3f9a/../x',
    ' 20260111T224748Z-full-3f9a',
    '20260111T224748Z-full-3f9a\n',
    '20260111T224748Z-FULL-3f9a',
    '20260111T224748Z-incremental-3f9a',
    '20260111T224748-full-3f9a',
    '20260111T224748Z-full-3F9A',
    '20260111T224748Z-full-3f9a0',
    '20261311T224748Z-full-3f9a',
    '99999999T999999Z-full-3f9a',
  ])('is not “%s”', (text) => {
    expect(isBackupId(text)).toBe(false);
  });
});

describe('a name', () => {
  it.each(['a', '0', 'edms', 'a-b', 'a--', `a${'b'.repeat(40)}`])('may be “%s”', (text) => {
    expect(isName(text)).toBe(true);
  });

  it.each([
    '',
    '-a',
    'A',
    'a_b',
    'a.b',
    'a/b',
    '..',
    'a b',
    'a\n',
    'ä',
    `a${'b'.repeat(41)}`,
    null,
    1,
    ['a'],
  ])('may not be %j', (text) => {
    expect(isName(text)).toBe(false);
  });
});

describe('side names', () => {
  it('of databases fit PostgreSQL’s 63 bytes, need no quotes, and are known again', () => {
    fc.assert(
      fc.property(hex(10), role, fc.nat(999), (operation, side, index) => {
        const made = sideDatabaseName(operation, side, index);
        expect(made).toMatch(SIDE_DATABASE_PATTERN);
        expect(made).toMatch(/^[a-z0-9_]{1,63}$/);
        expect(operation).toMatch(OPERATION_ID_PATTERN);
      }),
    );
  });

  it('of databases differ for every operation, role and index', () => {
    const made = ['0123456789', 'abcdefabcd'].flatMap((operation) =>
      (['new', 'previous'] as const).flatMap((side) =>
        [0, 1, 10].map((index) => sideDatabaseName(operation, side, index)),
      ),
    );
    expect(new Set(made).size).toBe(12);
  });

  it('of folders fit a file name, hide, and are known again', () => {
    fc.assert(
      fc.property(hex(10), name, role, (operation, tree, side) => {
        const made = sideFolderName(operation, tree, side);
        expect(made).toMatch(SIDE_FOLDER_PATTERN);
        expect(made.startsWith('.holdfast-')).toBe(true);
        expect(Buffer.byteLength(made)).toBeLessThanOrEqual(255);
      }),
    );
  });

  it.each([
    'postgres',
    'holdfast_app',
    'holdfast_0123456789',
    'holdfast_0123456789_newer',
    'x_holdfast_0123456789_new',
  ])('are not those of somebody’s own database %s', (text) => {
    expect(SIDE_DATABASE_PATTERN.test(text)).toBe(false);
  });
});
