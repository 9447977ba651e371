// Tiers that should have had a backup by now. The repositories are asked only where what is remembered of them says that it is
// time to tell.
import type { Config } from '../../config/config.js';
import type { Happening } from '../../domain/events.js';
import { type OverdueTier, overdueTiers, type TierSuccess } from '../../domain/overdue.js';
import type { Routine } from '../../domain/tiers.js';
import type { Tell } from '../context.js';
import { requireKnownBackups, successesOf } from '../good-backups.js';
import { readOpenRuns } from './open-runs.js';
import { recall, remember } from './overdue-memory.js';

export interface OverdueHost {
  state: string;
  tell: Tell;
  now: () => Date;
}

/** Once for each moment that passed without a backup. */
export const tellOverdue = async (config: Config, host: OverdueHost): Promise<void> => {
  if (config.notify.length === 0) return;
  for (const [deployment, routine] of Object.entries(config.routines)) {
    for (const tier of await overdueIn(config, { deployment, routine }, host))
      await host.tell(happening(deployment, tier, host.now()));
  }
};

const overdueIn = async (
  config: Config,
  { deployment, routine }: { deployment: string; routine: Routine },
  { state, now }: OverdueHost,
): Promise<OverdueTier[]> => {
  const memory = await recall(state, deployment, { routine, now: now() });
  const busy = await tiersAtWork(state, deployment);
  const judge = (successes: readonly TierSuccess[]): OverdueTier[] =>
    routine.tiers
      .filter(({ name }) => !busy.has(name))
      .flatMap((tier) =>
        overdueTiers({
          ...{ timezone: config.timezone, successes, now: now() },
          routine: { ...routine, tiers: [tier] },
          since: memory.tiers[tier.name]?.since ?? null,
        }),
      );
  if (judge(memory.successes).length === 0) return [];
  const known = await requireKnownBackups(config, deployment).catch(() => null);
  if (known === null) return judge(memory.successes);
  const found = successesOf(known);
  await remember(state, deployment, { memory, successes: found });
  return judge(found);
};

/** One that is being made is not silent: that it is late is told by itself. */
const tiersAtWork = async (state: string, deployment: string): Promise<Set<string>> => {
  const runs = await readOpenRuns(state);
  return new Set(
    runs.filter((run) => run.what === 'backup' && run.deployment === deployment).map(({ tier }) => tier),
  );
};

const happening = (
  deployment: string,
  { tier, dueAt, graceMs, newest }: OverdueTier,
  now: Date,
): Happening => ({
  id: `overdue-${deployment}-${tier}-${dueAt.replace(/\D/g, '')}`,
  kind: 'overdue',
  ...{ deployment, what: 'backup', tier, run: null, at: now.toISOString() },
  cause: `it was due at ${inWords(dueAt)} and was not there ${Math.round(graceMs / 60_000)} minutes later; ${
    newest === null ? 'there never was one' : `the last one is of ${inWords(newest)}`
  }`,
  hint: 'see whether its schedule is paused, and whether runs fail: holdfast schedules list, holdfast watch',
  log: '',
});

const inWords = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
