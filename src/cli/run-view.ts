// One look at a run: what it says itself (the query), and what the server knows about its pending steps.
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import {
  decodeFromPayloadsAtIndex,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { Failure } from '../domain/failure.js';
import { type Progress, progressQuery, type TransferHeartbeat } from '../domain/progress.js';
import type { Run } from './session.js';
import { runFailure } from './workflow-failure.js';

export interface RunView {
  status: WorkflowExecutionStatusName;
  /** null: nobody answers the query at this moment. */
  progress: Progress | null;
  pending: PendingStep[];
}

/** A step that runs now or waits for its next attempt. */
export interface PendingStep {
  id: string;
  /** The activity's name: `dumpDatabases`. */
  activity: string;
  attempt: number;
  /** Of the attempt before; null at the first one. */
  failure: Failure | null;
  /** null: it runs, or is about to. */
  retryAt: Date | null;
  transfer: TransferHeartbeat | null;
}

/** How long the agent is waited for, where nothing else is said. */
const PROGRESS_WITHIN_MS = 1500;

/** @throws what the client throws when the server does not answer within five seconds */
export const lookAt = async (run: Run, progressWithinMs = PROGRESS_WITHIN_MS): Promise<RunView> => {
  const [description, progress] = await Promise.all([
    run.client.connection.withDeadline(Date.now() + 5000, () => run.handle.describe()),
    askProgress(run, progressWithinMs),
  ]);
  const pending = await Promise.all(
    (description.raw.pendingActivities ?? []).map((activity) => pendingStep(run, activity)),
  );
  return { status: description.status.name, progress, pending };
};

/** A query needs a running agent; while there is none the server alone has to do. */
const askProgress = async ({ client, handle }: Run, withinMs: number): Promise<Progress | null> => {
  try {
    return await client.connection.withDeadline(Date.now() + withinMs, () =>
      handle.query<Progress>(progressQuery),
    );
  } catch {
    return null;
  }
};

type Description = Awaited<ReturnType<Run['handle']['describe']>>;
type PendingActivity = NonNullable<Description['raw']['pendingActivities']>[number];

const pendingStep = async ({ client }: Run, activity: PendingActivity): Promise<PendingStep> => {
  const converter = client.options.loadedDataConverter;
  const error = await decodeOptionalFailureToOptionalError(converter, activity.lastFailure);
  const heartbeat = activity.heartbeatDetails?.payloads as Payload[] | null | undefined;
  return {
    id: activity.activityId ?? '',
    activity: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 1,
    failure: error === undefined ? null : runFailure(error),
    retryAt: dateOf(activity.nextAttemptScheduleTime),
    transfer: transferOf(await decodeFromPayloadsAtIndex(converter, 0, heartbeat)),
  };
};

const dateOf = (time: PendingActivity['nextAttemptScheduleTime']): Date | null =>
  time?.seconds ? new Date(Number(time.seconds) * 1000 + Math.round((time.nanos ?? 0) / 1e6)) : null;

const transferOf = (details: unknown): TransferHeartbeat | null => {
  if (typeof details !== 'object' || details === null) return null;
  const keys = ['source', 'bytes', 'expected', 'words'];
  const [source, bytes, expected, words] = keys.map((key) => Reflect.get(details, key));
  if (typeof source !== 'string' || typeof bytes !== 'number') return null;
  return {
    source,
    bytes,
    expected: typeof expected === 'number' ? expected : 0,
    ...(typeof words === 'string' ? { words } : {}),
  };
};
