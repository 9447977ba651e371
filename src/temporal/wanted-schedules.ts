// The schedules that a configuration asks for: one for each tier that makes backups, one for verifications, one for drills.
import type { Config } from '../config/config.js';
import { digestOf } from '../config/digest.js';
import { parseCron } from '../domain/cron.js';
import { taskQueue, workflowId } from '../domain/queues.js';
import type { TimedSettings } from '../domain/tiers.js';
import type { ScheduleFacts } from './schedule-facts.js';

export type ScheduledKind = 'backup' | 'verify' | 'drill';

export interface WantedSchedule {
  id: string;
  deployment: string;
  kind: ScheduledKind;
  /** The tier's name, `verify` or `drill`. */
  name: string;
  /** As it is written. */
  cron: string;
  facts: ScheduleFacts;
  /** Of the facts: it stands in the schedule, and tells what was applied from what somebody made of it since. */
  fingerprint: string;
}

type Asked = Pick<Config, 'agent' | 'timezone' | 'routines'>;

/** Tiers are never called verify or drill: the configuration refuses it. */
const scheduleId = (agent: string, deployment: string, name: string): string =>
  `${schedulePrefix(agent)}${deployment}.${name}`;

export const schedulePrefix = (agent: string): string => `holdfast.${agent}.`;

/** In the order of the configuration. */
export const wantedSchedules = (config: Asked): WantedSchedule[] =>
  Object.entries(config.routines).flatMap(([deployment, { tiers, verify, drill }]) => [
    ...tiers.flatMap(({ name, schedule, from, catchUpMs, jitterMs }) =>
      schedule === null || from !== null
        ? []
        : [wanted(config, { deployment, kind: 'backup', name }, { schedule, catchUpMs, jitterMs })],
    ),
    ...(verify === null ? [] : [wanted(config, { deployment, kind: 'verify', name: 'verify' }, verify)]),
    ...(drill.timed === null
      ? []
      : [wanted(config, { deployment, kind: 'drill', name: 'drill' }, drill.timed)]),
  ]);

const wanted = (
  { agent, timezone }: Asked,
  what: Pick<WantedSchedule, 'deployment' | 'kind' | 'name'>,
  timed: TimedSettings,
): WantedSchedule => {
  const { deployment, kind, name } = what;
  const facts: ScheduleFacts = {
    calendars: [{ second: [0], ...parseCron(timed.schedule), year: [] }],
    others: false,
    timezone,
    jitterMs: timed.jitterMs,
    overlap: 'BUFFER_ONE',
    catchUpMs: timed.catchUpMs,
    pauseOnFailure: false,
    workflow: kind,
    // The server appends the moment: two tiers of one moment must not have one id.
    workflowId: kind === 'backup' ? `${workflowId(deployment, kind)}.${name}` : workflowId(deployment, kind),
    taskQueue: taskQueue(agent),
    input: kind === 'backup' ? { deployment, tier: name } : { deployment },
  };
  return {
    ...what,
    id: scheduleId(agent, deployment, name),
    cron: timed.schedule,
    facts,
    fingerprint: digestOf(facts),
  };
};
