// What is different where a schedule started the run: nobody watches, so it waits for its turn and goes on trying, for a time.
import { sleep, workflowInfo } from '@temporalio/workflow';
import type { Expectation } from '../domain/expectation.js';
import { type Patience, quick, WATCHED } from './activities.js';
import { codeOf, reason } from './failing.js';
import type { ShownProgress } from './progress.js';

/** The moment of the schedule that started this run, ISO 8601; null: somebody started it. */
export const scheduledFor = (): string | null => {
  const given: unknown = workflowInfo().searchAttributes.TemporalScheduledStartTime;
  const [moment] = Array.isArray(given) ? given : [given];
  return moment instanceof Date ? moment.toISOString() : null;
};

export interface Expected extends Expectation {
  /** When the first part of the run began. ISO 8601. */
  startedAt: string;
}

/**
 * Looked up before anything else; what would fail is left to the plan.
 * @param run its `tier` is `verify` or `drill` where it makes no backup
 */
export const expectation = async ({
  deployment,
  tier,
}: {
  deployment: string;
  tier: string;
}): Promise<Expected> => {
  const startedAt = workflowInfo().startTime.toISOString();
  const expected = await quick('what is expected', { watched: false }).expectRun({
    ...{ deployment, tier, startedAt },
    scheduledFor: scheduledFor(),
  });
  return { ...expected, startedAt };
};

/** For whoever opens the run from its schedule's page: what became of the moments before it. */
export const showMoment = (
  { addStep }: Pick<ShownProgress, 'addStep'>,
  expected: Expectation | null,
): void => {
  if (expected?.caughtUp !== undefined) addStep('caught up')('done', expected.caughtUp);
  if (expected?.missed !== undefined) addStep('earlier moments')('failed', expected.missed);
};

export const patienceOf = ({ tier }: { tier: string }, expected: Expectation | null): Patience =>
  expected === null ? { watched: tier === 'manual' } : { watched: false };

/** How a run that makes no backup goes about one of its parts. */
export interface InTime {
  /** For steps that take long: past its time a failure is the last one, but what works may end. */
  patience: Patience;
  input: { giveUpAt?: string };
  /** For those that only look. */
  quickly: Patience;
}

/** @param parts as many are still to come, and share what is left of the time */
export const inTime = (expected: Expectation | null, parts: number): InTime => {
  if (expected === null) return { patience: WATCHED, input: {}, quickly: WATCHED };
  const now = Date.now();
  const until = now + Math.max(0, Date.parse(expected.giveUpAt) - now) / parts;
  const patience = { watched: false };
  return {
    patience,
    input: { giveUpAt: new Date(until).toISOString() },
    quickly: { ...patience, until },
  };
};

const FIRST_WAIT_MS = 5_000;
/** A night of waiting stays far below the longest history that Temporal allows. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Plans and takes the operation, again and again while another run has it, until the run gives up.
 * @param expected null: somebody started it, and is told at once that the deployment is busy
 */
export const onItsTurn = async <T>(
  { addStep }: Pick<ShownProgress, 'addStep'>,
  expected: Expectation | null,
  begin: () => Promise<T>,
): Promise<T> => {
  let waiting: ReturnType<ShownProgress['addStep']> | null = null;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      const begun = await begin();
      waiting?.('done');
      return begun;
    } catch (error) {
      if (!isBusy(error) || expected === null || Date.now() + waitMs > Date.parse(expected.giveUpAt))
        throw error;
      waiting ??= addStep('wait');
      waiting('running', `${reason(error)}; again in ${waitMs / 1000} s`);
      await sleep(waitMs, { summary: 'the deployment is busy: again after this' });
    }
  }
};

export const isBusy = (error: unknown): boolean => codeOf(error) === 'BUSY';
