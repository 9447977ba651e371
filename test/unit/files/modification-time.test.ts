import { describe, expect, it } from 'vitest';
import { listedModificationTime, modificationTime } from '../../../src/files/modification-time.js';

describe('a modification time', () => {
  it.each([
    ['2023-11-14 22:13:20.123456789', 1_700_000_000_123_456_789n, '1700000000.123456789'],
    ['2023-11-14 22:13:20.5', 1_700_000_000_500_000_000n, '1700000000.500000000'],
    ['2023-11-14 22:13:20', 1_700_000_000_000_000_000n, '1700000000.000000000'],
    ['1970-01-01 00:00:00', 0n, '0.000000000'],
    ['1969-12-31 23:59:55.3', -5_300_000_000n, '-5.300000000'],
    ['1969-12-31 23:59:55', -5_000_000_000n, '-5.000000000'],
    ['1970-01-01 00:00:00.3', -300_000_000n, '0.300000000'],
    ['2255-03-14 16:00:00.000000007', 9_000_000_000_000_000_007n, '9000000000.000000007'],
    ['0050-01-01 00:00:00', -60_589_296_000_000_000_000n, '-60589296000.000000000'],
    ['10000-01-01 00:00:00', 253_402_300_800_000_000_000n, '253402300800.000000000'],
  ])('is written the same for %s in a listing and for %d on the disk', (listed, nanoseconds, text) => {
    expect(listedModificationTime(listed)).toBe(text);
    expect(modificationTime(nanoseconds)).toBe(text);
  });

  it('is read from bare seconds too, which tar prints for years no calendar holds', () => {
    expect(listedModificationTime('99999999999999.25')).toBe('99999999999999.250000000');
  });

  it('is refused when it is no time', () => {
    expect(listedModificationTime('yesterday')).toBeNull();
    expect(listedModificationTime('2023-11-14')).toBeNull();
  });
});
