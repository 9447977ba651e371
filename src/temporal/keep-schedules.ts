// `up` sees to it that the server has the schedules of the configuration. What somebody edited there stays, and is named.
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { asFailure } from '../domain/failure.js';
import { applySchedules, compareSchedules, type FoundSchedule } from './apply-schedules.js';
import { connectTemporal } from './client.js';

const AGAIN_AFTER_MS = 30_000;

export interface KeepSchedules {
  /** The configuration as it is then. */
  load: () => Promise<Config>;
  say: (line: string) => void;
  /** Gives it up. */
  stop: AbortSignal;
}

/** Returns when they are as they should be: it tries until then. */
export const keepSchedules = async ({ load, say, stop }: KeepSchedules): Promise<void> => {
  for (let told = ''; !stop.aborted; ) {
    try {
      const lines = appliedLines(await applyOnce(await load()));
      for (const line of lines) say(line);
      return;
    } catch (error) {
      const { message } = asFailure(error);
      if (message !== told && !stop.aborted) say(`schedules not applied, trying again: ${message}`);
      told = message;
    }
    await delay(AGAIN_AFTER_MS, undefined, { signal: stop }).catch(() => undefined);
  }
};

const applyOnce = async (config: Config): Promise<FoundSchedule[]> => {
  const temporal = await connectTemporal(config);
  try {
    const found = await compareSchedules(temporal.client, config);
    await applySchedules(temporal.client, found, { mend: false });
    return found;
  } finally {
    await temporal.close();
  }
};

/** Nothing where nothing had to be done. */
const appliedLines = (found: readonly FoundSchedule[]): string[] => {
  const count = (verdict: FoundSchedule['verdict'], word: string): string[] => {
    const many = found.filter((one) => one.verdict === verdict).length;
    return many === 0 ? [] : [`${many} ${word}`];
  };
  const done = [...count('create', 'created'), ...count('update', 'changed'), ...count('remove', 'removed')];
  return [
    ...(done.length === 0 ? [] : [`schedules applied: ${done.join(', ')}`]),
    ...found.flatMap(({ id, verdict, differences, wanted }) => {
      if (verdict === 'drifted')
        return [
          `warning: schedule ${id} was edited (${differences.join('; ')}); holdfast schedules apply puts it right`,
        ];
      return verdict === 'foreign' && wanted !== null
        ? [`warning: schedule ${id} is not holdfast’s, so ${wanted.name} of ${wanted.deployment} has none`]
        : [];
    }),
  ];
};
