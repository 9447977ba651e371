import { describe, expect, test } from 'vitest';
import type { HealthCheck, HealthState } from '../../../src/health/health-check.js';
import { untilHealthy } from '../../../src/health/until-healthy.js';

/** Passes and fails as it is told, look by look; after the last one it stays as it is. */
const scripted = (label: string, ...looks: boolean[]) => {
  const asked: number[] = [];
  const check: HealthCheck = {
    label,
    check: async (signal) => {
      signal.throwIfAborted();
      const ok = looks[Math.min(asked.length, looks.length - 1)] ?? true;
      asked.push(performance.now());
      return { label, ok, words: `${label} ${ok ? 'is up' : 'is down'}` };
    },
  };
  return { check, asked };
};

const waiting = (withinMs: number, signal = new AbortController().signal) => {
  const heard: string[] = [];
  return { options: { withinMs, signal, onState: (state: HealthState) => heard.push(state.words) }, heard };
};

describe('waiting for health', () => {
  test('ends as soon as everything passes in one round', async () => {
    const [web, worker] = [scripted('web', false, true), scripted('worker', true)];
    const { options } = waiting(60_000);
    const states = await untilHealthy([web.check, worker.check], options);
    expect(states).toEqual([
      { label: 'web', ok: true, words: 'web is up' },
      { label: 'worker', ok: true, words: 'worker is up' },
    ]);
    expect(web.asked).toHaveLength(2);
  });

  test('goes on while checks pass in turns only', async () => {
    const [web, worker] = [scripted('web', true, false, true), scripted('worker', false, true, true)];
    const { options, heard } = waiting(60_000);
    const states = await untilHealthy([web.check, worker.check], options);
    expect(states.every(({ ok }) => ok)).toBe(true);
    expect(web.asked).toHaveLength(3);
    expect(heard).toEqual(['web is up', 'worker is down', 'web is down', 'worker is up', 'web is up']);
  });

  test('looks at once, then with growing pauses, and once more when the time is up', async () => {
    const web = scripted('web', false);
    const { options, heard } = waiting(500);
    const startedAt = performance.now();
    const states = await untilHealthy([web.check], options);
    expect(states).toEqual([{ label: 'web', ok: false, words: 'web is down' }]);
    expect(heard).toEqual(['web is down']);
    const pauses = web.asked.map((at, index) => at - (web.asked[index - 1] ?? startedAt));
    expect(pauses[0]).toBeLessThan(pauses[1] ?? 0);
    expect(pauses[1]).toBeGreaterThanOrEqual(49);
    expect(pauses[2]).toBeGreaterThanOrEqual(99);
    expect((web.asked.at(-1) ?? 0) - startedAt).toBeGreaterThanOrEqual(499);
    expect(web.asked.length).toBeLessThan(7);
  });

  test('looks once where no time is given', async () => {
    const web = scripted('web', false);
    await untilHealthy([web.check], waiting(0).options);
    expect(web.asked).toHaveLength(1);
  });

  test('is over at once where nothing is to be checked', async () => {
    expect(await untilHealthy([], waiting(60_000).options)).toEqual([]);
  });

  test('stops with the reason when it is told to, in the middle of a pause', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const { options } = waiting(60_000, stop.signal);
    const onState = () => setImmediate(() => stop.abort(reason));
    await expect(untilHealthy([scripted('web', false).check], { ...options, onState })).rejects.toBe(reason);
  });
});
