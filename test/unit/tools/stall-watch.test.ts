import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForStall } from '../../../src/tools/stall-watch.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const watch = (stallTimeoutMs: number) => {
  const seen = { life: 0, expects: true, ticks: 0, stalls: 0 };
  const unwatch = watchForStall({
    signsOfLife: () => seen.life,
    expectsMovement: () => seen.expects,
    stallTimeoutMs,
    onTick: () => {
      seen.ticks += 1;
    },
    onStall: () => {
      seen.stalls += 1;
    },
  });
  return { seen, unwatch };
};

describe('the watch for a stall', () => {
  it('calls one when nothing moved for the whole time, and not before', () => {
    const { seen } = watch(60_000);
    vi.advanceTimersByTime(60_000);
    expect(seen.stalls).toBe(0);
    vi.advanceTimersByTime(2000);
    expect(seen.stalls).toBeGreaterThan(0);
  });

  it('starts anew with every sign of life', () => {
    const { seen } = watch(60_000);
    for (let minute = 0; minute < 10; minute += 1) {
      vi.advanceTimersByTime(50_000);
      seen.life += 1;
    }
    expect(seen.stalls).toBe(0);
  });

  it('waits while nothing is expected to move', () => {
    const { seen } = watch(60_000);
    seen.expects = false;
    vi.advanceTimersByTime(3_600_000);
    expect(seen.stalls).toBe(0);
  });

  it('never calls one without a limit, but reports every second until it ends', () => {
    const { seen, unwatch } = watch(0);
    vi.advanceTimersByTime(10_000);
    expect(seen.ticks).toBe(10);
    unwatch();
    vi.advanceTimersByTime(10_000);
    expect(seen).toMatchObject({ ticks: 10, stalls: 0 });
  });
});
