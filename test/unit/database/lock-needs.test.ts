import { describe, expect, it } from 'vitest';
import { locksNeeded, requireLocks } from '../../../src/database/lock-needs.js';
import { asFailure } from '../../../src/domain/failure.js';

const tables = [{ schema: 'public', name: 'documents', rows: 1 }];

describe('the locks of a restore in place', () => {
  it('are for what is dropped and what is made, and some for others', () => {
    const live = { dropped: 100, made: 30, largeObjects: 0 };
    expect(locksNeeded(live, { tables, largeObjects: 0 })).toBe(180);
  });

  it('count the backup’s tables where the live database has none', () => {
    const live = { dropped: 0, made: 0, largeObjects: 0 };
    expect(locksNeeded(live, { tables, largeObjects: 0 })).toBe(54);
  });

  it('count every large object, of whichever side has more: the way back drops the live ones', () => {
    const live = { dropped: 0, made: 4, largeObjects: 5_000 };
    expect(locksNeeded(live, { tables: [], largeObjects: 45_000 })).toBe(45_054);
    expect(locksNeeded({ ...live, largeObjects: 50_000 }, { tables: [], largeObjects: 45_000 })).toBe(50_054);
  });

  it('fit when the server has room for as many', () => {
    expect(() =>
      requireLocks('edms', { needed: 6_400, perTransaction: 64, transactions: 100 }),
    ).not.toThrow();
  });

  it('are refused otherwise, with the setting and the value that it must have', () => {
    try {
      requireLocks('edms', { needed: 45_004, perTransaction: 64, transactions: 100 });
      expect.unreachable();
    } catch (error) {
      const { code, message, hint } = asFailure(error);
      expect(code).toBe('DATABASE_NOT_READY');
      expect(message).toContain('45004 locks');
      expect(hint).toContain('max_locks_per_transaction to 451');
    }
  });
});
