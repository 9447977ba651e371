// What `holdfast schedules list` says of a schedule: what was configured, what the server has, and what came of it.
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Config } from '../../config/config.js';
import { momentsAfter } from '../../domain/moments.js';
import { type Progress, progressQuery } from '../../domain/progress.js';
import { compareSchedules, type FoundSchedule } from '../../temporal/apply-schedules.js';
import { wantedSchedules } from '../../temporal/wanted-schedules.js';

export interface ListedSchedule {
  id: string;
  deployment: string;
  /** The tier, `verify` or `drill`. */
  name: string;
  /** Five fields of cron; empty: the configuration asks for it no more. */
  schedule: string;
  timezone: string;
  state:
    | 'as configured'
    | 'not applied'
    | 'changed'
    | 'edited'
    | 'not configured'
    | 'not holdfast’s'
    | 'no server';
  /** What somebody edited, in words. */
  differences: string[];
  paused: boolean;
  /** Why, as an operator said. */
  reason: string;
  /** ISO 8601; none while it is paused. */
  next: string[];
  last: LastRun | null;
  /** Runs that begin when the one at work has ended. */
  waiting: number;
  /** Moments that were not made up for: too late when the server came back; another run was at work and one waited already. */
  missed: number;
  skipped: number;
}

interface LastRun {
  at: string;
  run: string;
  outcome: string;
  /** What it waits for; empty: nothing. */
  waits: string;
}

const STATES = {
  create: 'not applied',
  update: 'changed',
  remove: 'not configured',
  equal: 'as configured',
  foreign: 'not holdfast’s',
  drifted: 'edited',
} as const;

const NEXT = 3;

type Asked = Pick<Config, 'agent' | 'timezone' | 'routines'>;

export const listedSchedules = async (client: Client, config: Asked): Promise<ListedSchedule[]> => {
  const found = await compareSchedules(client, config);
  return Promise.all(found.map((one) => listed(client, config, one)));
};

/** From the configuration alone. */
export const unservedSchedules = (config: Asked, now: Date): ListedSchedule[] =>
  wantedSchedules(config).map(({ id, deployment, name, cron }) => ({
    ...{ id, deployment, name, schedule: cron, timezone: config.timezone },
    ...{
      state: 'no server',
      differences: [],
      paused: false,
      reason: '',
      last: null,
      waiting: 0,
      missed: 0,
      skipped: 0,
    },
    next: momentsAfter({ schedule: cron, timezone: config.timezone }, now, NEXT).map((at) =>
      at.toISOString(),
    ),
  }));

const listed = async (client: Client, config: Asked, found: FoundSchedule): Promise<ListedSchedule> => {
  const { id, verdict, wanted, existing, description, differences } = found;
  const [deployment = '', name = ''] = id.slice(`holdfast.${config.agent}.`.length).split('.');
  const paused = existing?.paused ?? false;
  const { info } = description ?? {};
  return {
    ...{ id, deployment, name, schedule: wanted?.cron ?? '', timezone: config.timezone },
    ...{ state: STATES[verdict], differences, paused, reason: paused ? (existing?.note ?? '') : '' },
    next: paused ? [] : (info?.nextActionTimes ?? []).slice(0, NEXT).map((at) => at.toISOString()),
    last: info === undefined ? null : await lastRun(client, info.recentActions),
    waiting: Number(description?.raw.info?.bufferSize ?? 0),
    missed: info?.numActionsMissedCatchupWindow ?? 0,
    skipped: info?.numActionsSkippedOverlap ?? 0,
  };
};

type Actions = NonNullable<FoundSchedule['description']>['info']['recentActions'];

const lastRun = async (client: Client, actions: Actions): Promise<ListedSchedule['last']> => {
  const last = actions.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime()).at(-1);
  if (last === undefined) return null;
  const { workflowId, firstExecutionRunId } = last.action.workflow;
  const outcome = await outcomeOf(client, workflowId, firstExecutionRunId);
  const waits = outcome === 'running' ? await waitsFor(client, workflowId) : '';
  return { at: last.takenAt.toISOString(), run: workflowId, outcome, waits };
};

const ASKED_WITHIN_MS = 3_000;

/** As its own page shows it; an agent that is away answers nothing. */
const waitsFor = async (client: Client, workflowId: string): Promise<string> => {
  const run = client.workflow.getHandle(workflowId);
  try {
    const ask = () => run.query<Progress>(progressQuery);
    const { steps } = await client.withDeadline(Date.now() + ASKED_WITHIN_MS, ask);
    return steps.find(({ name, state }) => name === 'wait' && state === 'running')?.detail ?? '';
  } catch {
    return 'no agent answers';
  }
};

/** `completed`, `failed`, `running`; `forgotten` when Temporal keeps it no more. */
const outcomeOf = async (client: Client, workflowId: string, runId: string): Promise<string> => {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe();
    return status.name.toLowerCase().replaceAll('_', ' ');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'forgotten';
    throw error;
  }
};
