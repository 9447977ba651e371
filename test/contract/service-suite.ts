// What every kind of service promises (the comments of src/services), proved on real ones.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceSettings } from '../../src/config/service-settings.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import {
  pauseAll,
  putBackAll,
  serviceUnitSchema,
  stateOf,
  stopAll,
  type UnitState,
  unitsOf,
} from '../../src/services/service.js';
import { killedEverywhere } from '../support/killed-effect.js';

/** One service of a kind, with one unit, and how it is seen and changed past holdfast. */
export interface ServiceUnderTest {
  settings: ServiceSettings;
  /** Of the same kind, and not there. */
  unknown: ServiceSettings;
  bring(state: UnitState): Promise<void>;
  state(): Promise<UnitState>;
  /** From now on it cannot be started; what it says then. */
  breakIt(): Promise<string>;
  remove(): Promise<void>;
}

export const serviceSuite = (
  kind: string,
  { states, unknownCode = 'UNKNOWN_SERVICE' }: { states: readonly UnitState[]; unknownCode?: string },
  create: () => Promise<ServiceUnderTest>,
): void => {
  describe(`a ${kind} service`, () => {
    let service: ServiceUnderTest;
    beforeEach(async () => {
      service = await create();
    });
    afterEach(() => service.remove());

    it.each(states)('that is %s is found so, and not touched', async (state) => {
      await service.bring(state);
      const units = await unitsOf([service.settings]);
      expect(units.map((unit) => unit.state)).toEqual([state]);
      expect(await service.state()).toBe(state);
    });

    it('is plain JSON in the record', async () => {
      const units = await unitsOf([service.settings]);
      expect(units.map((unit) => serviceUnitSchema.parse(JSON.parse(JSON.stringify(unit))))).toEqual(units);
    });

    it.each(states)('that was %s is stopped, once', async (state) => {
      await service.bring(state);
      const units = await unitsOf([service.settings]);
      const names = rememberNames();
      await stopAll(units, names.effect);
      await stopAll(units, names.effect);
      expect(await service.state()).toBe('stopped');
      expect(names.seen).toEqual(state === 'stopped' ? [] : [`stop ${units[0]?.label}`]);
    });

    it.each(states.flatMap((recorded) => states.map((now) => ({ recorded, now }))))(
      'that was $recorded and is $now becomes $recorded again, and stays so',
      async ({ recorded, now }) => {
        await service.bring(recorded);
        const units = await unitsOf([service.settings]);
        await service.bring(now);
        await putBackAll(units, runEffect);
        expect(await service.state()).toBe(recorded);
        expect(await Promise.all(units.map(stateOf))).toEqual([recorded]);
        const names = rememberNames();
        await putBackAll(units, names.effect);
        expect(names.seen).toEqual([]);
      },
    );

    it.each(states)('that was %s is so again wherever the agent is killed', async (state) => {
      const points = await killedEverywhere(async (_point, kill) => {
        await service.bring(state);
        const units = await unitsOf([service.settings]);
        await kill(async (effect) => {
          await stopAll(units, effect);
          await putBackAll(units, effect);
        });
        await putBackAll(units, runEffect);
        expect(await service.state()).toBe(state);
      });
      expect(points).toBe({ running: 4, paused: 6, stopped: 0 }[state]);
    });

    if (states.includes('paused')) {
      it('is paused while it runs, and left alone while it is stopped', async () => {
        await service.bring('running');
        const units = await unitsOf([service.settings]);
        await pauseAll(units, runEffect);
        expect(await service.state()).toBe('paused');
        await service.bring('stopped');
        await pauseAll(units, runEffect);
        expect(await service.state()).toBe('stopped');
      });
    }

    it('that does not come up fails, with what it said', async () => {
      await service.bring('running');
      const units = await unitsOf([service.settings]);
      await stopAll(units, runEffect);
      const words = await service.breakIt();
      await expect(putBackAll(units, runEffect)).rejects.toMatchObject({
        code: 'SERVICE_FAILED',
        message: expect.stringContaining(units[0]?.label ?? 'a label'),
        evidence: expect.stringContaining(words),
      });
    });

    it('that is not there is refused before anything is touched', async () => {
      await service.bring('running');
      await expect(unitsOf([service.settings, service.unknown])).rejects.toMatchObject({ code: unknownCode });
      expect(await service.state()).toBe('running');
    });
  });
};

const rememberNames = (): { seen: string[]; effect: Effect } => {
  const seen: string[] = [];
  return {
    seen,
    effect: (name, act) => {
      seen.push(name);
      return act();
    },
  };
};
