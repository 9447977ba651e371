// Follows a run to its end, and shows it: two looks a second, and at once when it ends.
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/common';
import { Failure } from '../domain/failure.js';
import { unlessAborted } from '../tools/unless-aborted.js';
import { type Closing, untilClosed } from './closing.js';
import { listenForInterrupts } from './interrupts.js';
import { createMonitor, type Monitor } from './monitor.js';
import type { Output } from './output.js';
import { lookAt, type RunView } from './run-view.js';
import type { Run } from './session.js';
import { isConnectionLoss, runFailure } from './workflow-failure.js';

const LOOK_EVERY_MS = 500;

export type Followed = { end: 'result'; result: unknown } | { end: 'reached'; view: RunView };

export interface FollowOptions {
  /** Ends following early, while the run goes on. */
  until?: (view: RunView) => boolean;
  /** What was shown before: only what came after it is said. */
  since?: RunView | null;
}

/** @throws Failure as the run failed; CANCELLED also when somebody stopped following */
export const follow = async (
  run: Run,
  output: Output,
  { until = () => false, since = null }: FollowOptions = {},
): Promise<Followed> => {
  const over = new AbortController();
  const interrupts = listenForInterrupts(() => cancelRun(run, output));
  const monitor = createMonitor(output, { cancelling: interrupts.cancelling, since });
  const stop = (stopped: Stopped): void => over.abort(stopped);
  void untilClosed(run, over.signal).then(stop);
  void interrupts.left.then(stop);
  try {
    const end = await watchUntil({ run, monitor, until, signal: over.signal });
    if (end.end === 'result' || end.end === 'failed') await showLastSteps(run, monitor);
    return concluded(end, run);
  } finally {
    over.abort();
    interrupts.dispose();
    monitor.clear();
  }
};

type Stopped = Closing | { end: 'left' };

interface Watching {
  run: Run;
  monitor: Monitor;
  until: (view: RunView) => boolean;
  /** Its reason is what stopped it. */
  signal: AbortSignal;
}

const watchUntil = async ({ run, monitor, until, signal }: Watching) => {
  for (;;) {
    // No race with what stops it: that would keep each view in memory until then, hours later.
    const seen = await unlessAborted(look(run), signal).catch((): Stopped => signal.reason);
    if (seen.end !== 'seen') return seen;
    monitor.show(seen.view);
    if (seen.view !== null && until(seen.view)) return { end: 'reached' as const, view: seen.view };
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};

/** null: Temporal did not answer. */
const look = async (
  run: Run,
  progressWithinMs?: number,
): Promise<{ end: 'seen'; view: RunView | null } | Closing> => {
  try {
    return { end: 'seen', view: await lookAt(run, progressWithinMs) };
  } catch (thrown) {
    return isConnectionLoss(thrown) ? { end: 'seen', view: null } : { end: 'failed', thrown };
  }
};

/** An agent that has just ended a run is there, but may be busy. */
const LAST_STEPS_WITHIN_MS = 5000;

/** A short run ends between two looks. */
const showLastSteps = async (run: Run, monitor: Monitor): Promise<void> => {
  const last = await look(run, LAST_STEPS_WITHIN_MS);
  if (last.end === 'seen' && last.view !== null) monitor.show(last.view);
};

const concluded = (end: Stopped | { end: 'reached'; view: RunView }, { handle }: Run): Followed => {
  if (end.end === 'failed') throw endOf(end.thrown, handle.workflowId);
  if (end.end !== 'left') return end;
  throw noLongerFollowing(handle.workflowId);
};

export const noLongerFollowing = (id: string): Failure =>
  new Failure('CANCELLED', `no longer following ${id}; the run goes on`, { hint: `holdfast watch ${id}` });

/** The run was there when following began: a server that does not know it has lost its database. */
const endOf = (thrown: unknown, id: string): Failure =>
  thrown instanceof WorkflowNotFoundError
    ? new Failure('OPERATION_LOST', `Temporal has lost ${id}`, {
        hint: 'the agent finishes or undoes what was begun within a minute; then start it again',
        cause: thrown,
      })
    : runFailure(thrown);

export const cancelRun = (run: Run, output: Output): void => {
  output.say('cancelling: what was begun is undone (Ctrl-C again stops following; the run goes on)');
  run.handle.cancel().catch((thrown: unknown) => {
    output.say(`the run could not be cancelled: ${runFailure(thrown).message}`);
  });
};
