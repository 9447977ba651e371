// How workflows call activities: queues, deadlines, what is tried again, and the summary that the Temporal UI shows.
import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { QuickActivities, TransferActivities } from '../activities/index.js';

/** A dead agent is noticed after this long; activities heartbeat every second. */
const HEARTBEAT_TIMEOUT = '10s';

/** Somebody is watching a run that was started by hand: after so many attempts (about 15 s of waiting) it says so and ends. */
const WATCHED_ATTEMPTS = 5;

/** A scheduled run goes on trying until the next one is near. */
const GIVE_UP_AFTER = '12h';

/** A step that begins when it is nearly time to give up gets this long. */
const LAST_TRY_MS = 60_000;

/** Whether somebody waits for the run and would rather be told than have it tried all night. */
export interface Patience {
  watched: boolean;
  /** When it is time to give up, in milliseconds since 1970; missing: twelve hours after a step began. */
  until?: number;
}

export const WATCHED: Patience = { watched: true };

/** Short ones: the run's own queue. */
export const quick = (summary: string, patience: Patience): ActivityInterfaceFor<QuickActivities> =>
  proxyActivities<QuickActivities>(options(summary, patience, '10m'));

/** Long ones: the agent's transfer queue. */
export const transfer = (summary: string, patience: Patience): ActivityInterfaceFor<TransferActivities> =>
  proxyActivities<TransferActivities>({
    ...options(summary, patience, GIVE_UP_AFTER),
    taskQueue: `${workflowInfo().taskQueue}.transfer`,
  });

/**
 * From stop to start nobody may wait for long: a deadline, in milliseconds, instead of a number of attempts. An attempt that
 * takes all of it ends just before, so that the failure tells a slow step from an agent that is away.
 */
export const withinDeadline = (summary: string, withinMs: number): ActivityInterfaceFor<QuickActivities> =>
  proxyActivities<QuickActivities>({
    ...options(summary, { watched: false }, withinMs),
    scheduleToCloseTimeout: withinMs + 1_000,
  });

/** A hook has a time limit of its own, and ends with what it said last: no other limit may come before that. */
export const runningHook = (summary: string, patience: Patience): ActivityInterfaceFor<QuickActivities> =>
  proxyActivities<QuickActivities>(options(summary, patience, GIVE_UP_AFTER));

/** The check itself gives up after `withinMs`; an agent that was restarted begins it again. */
export const checkingHealth = (summary: string, withinMs: number): ActivityInterfaceFor<QuickActivities> =>
  proxyActivities<QuickActivities>(options(summary, WATCHED, withinMs + 60_000));

/** Only what ends or undoes an operation is tried without end: it outlives an agent that is away for days. */
export const undoing = (summary: string): ActivityInterfaceFor<QuickActivities> =>
  proxyActivities<QuickActivities>({
    summary,
    startToCloseTimeout: '1h',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '1s', maximumInterval: '1m' },
  });

type Telling = Pick<ActivityInterfaceFor<QuickActivities>, 'tell' | 'noteUnplannedDrill'>;

/** Nobody waits long for it: an agent that is away tells it once it is back. */
export const telling = (summary: string): Telling =>
  proxyActivities<QuickActivities>({
    summary,
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: '10s',
    retry: { initialInterval: '1s' },
  });

const options = (
  summary: string,
  { watched, until }: Patience,
  startToCloseTimeout: number | '10m' | '12h',
): ActivityOptions => ({
  summary,
  startToCloseTimeout,
  scheduleToCloseTimeout: until === undefined ? GIVE_UP_AFTER : Math.max(LAST_TRY_MS, until - Date.now()),
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  // Said here because the SDK's own default is another one than it documents: a cancelled step has ended when it says so.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '1s',
    maximumInterval: '1m',
    ...(watched ? { maximumAttempts: WATCHED_ATTEMPTS } : {}),
  },
});
