// What belongs to an event besides what happened: whether it is tried again, what there is to fall back on, and one command.
import { hostname } from 'node:os';
import { proofOf, restoredBackups } from '../../catalog/proof.js';
import type { Config } from '../../config/config.js';
import type { Happening, Surroundings } from '../../domain/events.js';
import { asFailure } from '../../domain/failure.js';
import { momentsAfter } from '../../domain/moments.js';
import { newestGood, requireKnownBackups } from '../good-backups.js';
import { commandFor } from './command-for.js';
import { schedulesOf } from './repeating.js';

/** Repositories that do not answer by then are what somebody is told of. */
const LOOK_WITHIN_MS = 10_000;

/** Never fails and never takes long: what is not known is said to be so. */
export const surroundingsOf = async (happening: Happening, config: Config): Promise<Surroundings> => ({
  host: hostname(),
  retry: retryOf(happening, config),
  ...(await fallBack(happening, config)),
  command: commandFor(happening),
  timezone: config.timezone,
});

type FallBack = Pick<Surroundings, 'newestGood' | 'newestProved' | 'unknown'>;

const fallBack = async ({ kind, deployment }: Happening, config: Config): Promise<FallBack> => {
  const nothing = { newestGood: null, newestProved: null };
  if (deployment === '') return { ...nothing, unknown: 'each deployment has its own: holdfast status' };
  if (kind === 'started' || !Object.hasOwn(config.deployments, deployment))
    return { ...nothing, unknown: 'nothing is configured by that name' };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<FallBack>((resolve) => {
    const unknown = 'the repositories did not answer in time';
    timer = setTimeout(() => resolve({ ...nothing, unknown }), LOOK_WITHIN_MS);
  });
  const looking = lookUp(config, deployment).catch((error: unknown) => ({
    ...nothing,
    unknown: asFailure(error).message,
  }));
  return Promise.race([looking, late]).finally(() => clearTimeout(timer));
};

const lookUp = async (config: Config, deployment: string): Promise<FallBack> => {
  const known = await requireKnownBackups(config, deployment);
  const restored = restoredBackups(known.log);
  const newest = newestGood(known);
  const proved = newestGood({ good: known.good.filter(({ id }) => restored.has(id)) });
  return {
    newestGood: newest === undefined ? null : { backup: newest.id, at: newest.startedAt },
    newestProved: proved === undefined ? null : { backup: proved.id, at: proofOf(known.log, proved.id).at },
    unknown: '',
  };
};

/** By the schedules, as they are configured. */
const retryOf = (happening: Happening, { routines, timezone }: Config): Surroundings['retry'] => {
  const moments = schedulesOf(happening, routines[happening.deployment])
    .flatMap((schedule) => momentsAfter({ schedule, timezone }, new Date(happening.at), 1))
    .map((moment) => moment.toISOString())
    .sort();
  return { again: moments.length > 0, at: moments[0] ?? null };
};
