// What every kind of health check promises (the comments of src/health/health-check.ts), proved on something real.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HealthCheckSettings } from '../../src/config/service-settings.js';
import type { HealthContext } from '../../src/health/health-check.js';
import { openHealthCheck } from '../../src/health/open-health-check.js';

/** Something to look at, that can be made well, ill and deaf. */
export interface HealthUnderTest {
  settings: HealthCheckSettings;
  query?: HealthContext['query'];
  label: string;
  words: { passing: string; failing: string };
  pass(): Promise<void>;
  fail(): Promise<void>;
  hang(): Promise<void>;
  remove(): Promise<void>;
}

const LOOK_WITHIN_MS = 400;

const notAsked: HealthContext['query'] = () => Promise.reject(new Error('this kind asks no database'));

export const healthSuite = (kind: string, create: () => Promise<HealthUnderTest>): void => {
  describe(`a health check of the kind ${kind}`, () => {
    let given: HealthUnderTest;
    beforeEach(async () => {
      given = await create();
    });
    afterEach(() => given.remove());

    const opened = (lookWithinMs?: number) =>
      openHealthCheck(given.settings, {
        query: given.query ?? notAsked,
        ...(lookWithinMs === undefined ? {} : { lookWithinMs }),
      });
    const never = new AbortController().signal;

    test('says what it sees, each time anew', async () => {
      const check = opened();
      const { label, words } = given;
      expect(check.label).toBe(label);
      await given.fail();
      expect(await check.check(never)).toEqual({ label, ok: false, words: `${label} ${words.failing}` });
      await given.pass();
      expect(await check.check(never)).toEqual({ label, ok: true, words: `${label} ${words.passing}` });
      await given.fail();
      expect(await check.check(never)).toEqual({ label, ok: false, words: `${label} ${words.failing}` });
    });

    test('gives up a look that gets no answer, and says so', async () => {
      await given.hang();
      const { label } = given;
      const words = `${label} timed out after 0.4 s`;
      expect(await opened(LOOK_WITHIN_MS).check(never)).toEqual({ label, ok: false, words });
    });

    test('stops looking when it is told to, and throws the reason', async () => {
      await given.hang();
      const stop = new AbortController();
      const looking = opened().check(stop.signal);
      const reason = new Error('enough');
      stop.abort(reason);
      await expect(looking).rejects.toBe(reason);
      await expect(opened().check(stop.signal)).rejects.toBe(reason);
    });
  });
};
