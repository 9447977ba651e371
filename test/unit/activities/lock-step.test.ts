import { describe, expect, it } from 'vitest';
import { gapOf, requireLockStep, type Scan } from '../../../src/activities/backup/lock-step.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const scan = (from: number, to: number, name = 'storage'): Scan => ({
  name,
  scanStartedAt: at(from),
  scanEndedAt: at(to),
});
const taken = (from: number, to: number) => ({ requestedAt: at(from), takenAt: at(to) });
const database = {};

describe('lock-step', () => {
  it('holds when every scan began once the snapshots were there', () => {
    requireLockStep([scan(5, 9), scan(6, 7, 'media')], taken(1, 5));
  });

  it('refuses a scan that began before, and names its tree', () => {
    const commit = () => requireLockStep([scan(6, 9), scan(4, 7, 'media')], taken(1, 5));
    expect(commit).toThrow(
      expect.objectContaining({ retryable: false, message: expect.stringContaining('files media') }),
    );
  });

  it('asks nothing of files alone', () => {
    requireLockStep([scan(1, 2)], null);
  });
});

describe('the gap', () => {
  it('of one database alone is none', () => {
    expect(gapOf({ databases: [database], trees: [] }, taken(1, 3))).toBe(0);
  });

  it('of several databases is the time that it took to have all their snapshots', () => {
    expect(gapOf({ databases: [database, database], trees: [] }, taken(1, 3))).toBe(2000);
  });

  it('of databases and files reaches from the first snapshot to the end of the last scan', () => {
    const trees = [scan(4, 9), scan(4, 6, 'media')];
    expect(gapOf({ databases: [database], trees }, taken(1, 3))).toBe(8000);
  });

  it('of files alone is the time that they were read', () => {
    expect(gapOf({ databases: [], trees: [scan(4, 9), scan(2, 6, 'media')] }, null)).toBe(7000);
  });
});
