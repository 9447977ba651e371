// BACKUP_SYSTEM: schedules whose local time a change of the clocks takes away, or gives twice, within the next year.
import type { Config } from '../../config/config.js';
import { type ClockChange, clockChanges, oddMoments } from '../../domain/clock-changes.js';
import type { Finding } from '../../domain/findings.js';
import type { Routine } from '../../domain/tiers.js';
import { finding } from './check.js';

export const lookAtSchedules = (
  { routines, timezone }: Pick<Config, 'routines' | 'timezone'>,
  deployment: string,
  now = new Date(),
): Finding[] => {
  const routine = routines[deployment];
  const changes = clockChanges(timezone, now, 366);
  return routine === undefined
    ? []
    : schedulesOf(routine).flatMap(({ name, schedule }) => {
        const words = clockWords(schedule, changes);
        return words === ''
          ? []
          : [finding('BACKUP_SYSTEM', 'warning', `${name} (${schedule}): ${words}`, HINT)];
      });
};

const HINT = 'choose a time of day at which clocks in this time zone are never put forward or back';

/** `02:00 does not exist on 2027-03-28 (no run, or a shifted one)`, one after the other; empty: nothing is odd. */
export const clockWords = (schedule: string, changes: readonly ClockChange[]): string =>
  oddMoments(schedule, changes)
    .slice(0, MOST)
    .map(({ kind, local }) => {
      const [day = '', time = ''] = local.split(' ');
      return kind === 'missing'
        ? `${time} does not exist on ${day} (no run, or a shifted one)`
        : `${time} comes twice on ${day} (one run, or two)`;
    })
    .join('; ');

/** Of what comes every few minutes the first ones tell enough. */
const MOST = 4;

const schedulesOf = ({ tiers, verify, drill }: Routine): { name: string; schedule: string }[] => [
  ...tiers.flatMap(({ name, schedule, from }) =>
    schedule === null || from !== null ? [] : [{ name, schedule }],
  ),
  ...(verify === null ? [] : [{ name: 'verify', schedule: verify.schedule }]),
  ...(drill.timed === null ? [] : [{ name: 'drill', schedule: drill.timed.schedule }]),
];
