// One attempt of an activity: it heartbeats on a timer, ends its predecessors, stops when it is told to, and turns
// whatever it throws into what Temporal carries.
import { mkdir } from 'node:fs/promises';
import { Context } from '@temporalio/activity';
import { asFailure, Failure } from '../domain/failure.js';
import type { OperationKey } from '../domain/plans.js';
import type { TransferHeartbeat } from '../domain/progress.js';
import { processRegister } from '../operations/agent/processes.js';
import { type Host, untilAborted } from '../operations/context.js';
import { heldOperation, type OperationRecord } from '../operations/record.js';
import { scratchFolder } from '../operations/state-folder.js';
import type { RunContext } from '../tools/process.js';
import { toApplicationFailure } from './application-failure.js';
import { tellTrouble } from './backup/tell-trouble.js';
import type { Dependencies } from './dependencies.js';
import { requireOwnRun } from './own-run.js';

const HEARTBEAT_EVERY_MS = 1_000;

export interface Attempt {
  /** Its effects do not happen any more once the attempt was told to stop. */
  host: Host;
  signal: AbortSignal;
  /** What the next heartbeats say. */
  report: (progress: TransferHeartbeat) => void;
}

export interface OperationAttempt extends Attempt {
  record: OperationRecord;
  /** The operation's private folder for part files and credentials. */
  scratch: string;
  /** For programs of this attempt. */
  run: RunContext;
}

/** An activity that needs no operation: it only looks. */
export const lookingActivity =
  <I, O>(dependencies: Dependencies, act: (input: I, attempt: Attempt) => Promise<O>) =>
  (input: I): Promise<O> =>
    attempted(({ signal, report }) => {
      const host = { ...dependencies, effect: untilAborted(dependencies.effect, signal) };
      return act(input, { host, signal, report });
    }, giveUpAtIn(input));

/** A step of a scheduled run may carry it. */
const giveUpAtIn = (input: unknown): string | undefined => {
  const said: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'giveUpAt') : null;
  return typeof said === 'string' ? said : undefined;
};

interface OperationInput {
  plan: OperationKey;
}

/** A forward step of an operation: refused when this run no longer has it. */
export const operationActivity =
  <I extends OperationInput, O>(
    dependencies: Dependencies,
    step: string,
    act: (input: I, attempt: OperationAttempt) => Promise<O>,
  ) =>
  (input: I): Promise<O> =>
    attempted(
      ({ signal: cancelled, report }) =>
        dependencies.fence.attempt(
          { operation: input.plan.operation, step, signal: cancelled },
          async (signal) => {
            const host = { ...dependencies, effect: untilAborted(dependencies.effect, signal) };
            requireOwnRun(input.plan);
            const record = await heldOperation(host.state, input.plan);
            const scratch = scratchFolder(host.state, input.plan.operation);
            await mkdir(scratch, { recursive: true, mode: 0o700 });
            const { stallTimeoutMs } = record.settings.deployment;
            const run = { signal, processes: processRegister(host.state), stallTimeoutMs };
            return act(input, { host, signal, report, record, scratch, run });
          },
        ),
      input.plan.giveUpAt,
    );

/** A long step of a backup: few of them run at a time. */
export const backupActivity = <I extends OperationInput, O>(
  dependencies: Dependencies,
  step: string,
  act: (input: I, attempt: OperationAttempt) => Promise<O>,
) =>
  operationActivity<I, O>(dependencies, step, (input, attempt) =>
    dependencies.backupSlots.use(attempt.signal, () => act(input, attempt)),
  );

interface Running {
  signal: AbortSignal;
  report: (progress: TransferHeartbeat) => void;
}

/** @param giveUpAt after that a failure is the last one; missing: Temporal decides whether it is tried again */
const attempted = async <O>(act: (running: Running) => Promise<O>, giveUpAt?: string): Promise<O> => {
  const context = Context.current();
  let latest: TransferHeartbeat | undefined;
  const timer = setInterval(() => context.heartbeat(latest), HEARTBEAT_EVERY_MS);
  context.heartbeat(latest);
  try {
    return await act({
      signal: context.cancellationSignal,
      report: (progress) => {
        latest = progress;
      },
    });
  } catch (error) {
    if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
    const failure = toApplicationFailure(isOver(giveUpAt) ? finalFailure(error) : error);
    await tellTrouble(context, failure);
    throw failure;
  } finally {
    clearInterval(timer);
  }
};

const isOver = (giveUpAt: string | undefined): boolean =>
  giveUpAt !== undefined && Date.now() >= Date.parse(giveUpAt);

const finalFailure = (error: unknown): Failure => {
  const { code, message, hint, evidence } = asFailure(error);
  return new Failure(code, message, { hint, evidence, retryable: false, cause: error });
};
