// What Temporal throws about a run, as the failure that the agent meant.
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { asFailure, Failure } from '../domain/failure.js';
import { isFailureCode } from '../domain/failure-codes.js';

export const runFailure = (thrown: unknown): Failure => {
  if (isWrapper(thrown)) return runFailure(thrown.cause ?? new Error(thrown.message));
  if (thrown instanceof ApplicationFailure) return applicationFailure(thrown);
  if (thrown instanceof CancelledFailure)
    return new Failure('CANCELLED', 'the run was cancelled', { cause: thrown });
  if (thrown instanceof TerminatedFailure) return terminated(thrown);
  if (thrown instanceof TimeoutFailure) return timedOut(thrown);
  if (thrown instanceof WorkflowNotFoundError) return unknownRun(thrown);
  if (isConnectionLoss(thrown)) return unreachable(thrown);
  return asFailure(thrown);
};

/** The server did not answer: trying again may help. */
export const isConnectionLoss = (thrown: unknown): boolean =>
  thrown instanceof ServiceError || isGrpcServiceError(thrown);

const isWrapper = (thrown: unknown): thrown is Error =>
  thrown instanceof WorkflowFailedError ||
  thrown instanceof WorkflowUpdateFailedError ||
  thrown instanceof ActivityFailure ||
  thrown instanceof ChildWorkflowFailure;

const applicationFailure = (failure: ApplicationFailure): Failure => {
  if (failure.type === 'WorkerShutdown')
    return new Failure('NO_AGENT', 'the agent was stopped during this step', { cause: failure });
  const { hint, evidence } = detailsOf(failure);
  const code = isFailureCode(failure.type) ? failure.type : 'UNEXPECTED';
  return new Failure(code, failure.message, {
    hint,
    evidence: evidence ?? (code === 'UNEXPECTED' ? failure.failure?.stackTrace || undefined : undefined),
    retryable: failure.nonRetryable !== true,
    cause: failure,
  });
};

const detailsOf = ({ details }: ApplicationFailure): { hint?: string; evidence?: string } => {
  const first: unknown = details?.[0];
  if (typeof first !== 'object' || first === null) return {};
  const text = (key: string): unknown => Reflect.get(first, key);
  const hint = text('hint');
  const evidence = text('evidence');
  return {
    ...(typeof hint === 'string' && hint !== '' ? { hint } : {}),
    ...(typeof evidence === 'string' && evidence !== '' ? { evidence } : {}),
  };
};

const terminated = (cause: TerminatedFailure): Failure =>
  new Failure('OPERATION_LOST', `the run was terminated: ${cause.message}`, {
    hint: 'the agent finishes or undoes what was begun within a minute; cancel a run instead: Ctrl-C in holdfast watch',
    cause,
  });

const timedOut = (cause: TimeoutFailure): Failure => {
  if (cause.timeoutType === 'SCHEDULE_TO_START')
    return new Failure('NO_AGENT', 'no agent took the step on in time', { cause });
  if (cause.timeoutType === 'HEARTBEAT')
    return new Failure('NO_AGENT', 'the agent fell silent during this step', { cause });
  return new Failure('STALLED', 'the step took longer than it may', { cause });
};

const unknownRun = (cause: WorkflowNotFoundError): Failure =>
  new Failure('UNKNOWN_RUN', `Temporal knows no run ${cause.workflowId}`, {
    hint: 'holdfast watch lists the open ones; holdfast list shows the backups that exist',
    cause,
  });

const unreachable = (cause: unknown): Failure =>
  new Failure('TEMPORAL_UNREACHABLE', 'the connection to Temporal was lost', {
    evidence: cause instanceof Error ? String(cause.cause ?? cause.message) : undefined,
    cause,
  });
