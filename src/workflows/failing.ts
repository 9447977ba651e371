// How a run fails: with one plain failure that carries a code, never with a chain of Temporal's own errors.
import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { CANCELLED } from '../domain/events.js';
import { Failure } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';

export const failingPlainly = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw plainFailure(error);
  }
};

/** A Failure as what ends a run: `type` is its code. */
export const runFailure = ({ code, message, hint, evidence }: Failure): ApplicationFailure =>
  withoutStack(
    ApplicationFailure.create({
      type: code,
      message: code === 'INPUT_INVALID' ? `${message}; ${hint}` : message,
      nonRetryable: true,
      details: [{ hint, evidence: evidence ?? '' }],
    }),
  );

/** The answer to an update that does not fit: nothing of it is recorded, and whoever sent it reads why. */
export const refusal = (code: FailureCode, message: string): ApplicationFailure =>
  withoutStack(ApplicationFailure.create({ type: code, message, nonRetryable: true }));

/** The failure that a step ended with, as the failure of the run. A cancellation stays one. */
export const plainFailure = (error: unknown): unknown => {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return timedOut(cause);
  if (!(cause instanceof ApplicationFailure)) return error;
  return cause.type === 'WorkerShutdown' ? agentGone('the agent was stopped during this step') : cause;
};

/** The same failure in other words. A cancellation stays one. */
export const saying = (error: unknown, message: string): unknown => {
  const plain = plainFailure(error);
  if (!(plain instanceof ApplicationFailure)) return plain;
  const [type, details] = [plain.type ?? '', plain.details ?? []];
  return withoutStack(ApplicationFailure.create({ type, details, message, nonRetryable: true }));
};

/** The code of the failure that a step ended with; empty: it has none. */
export const codeOf = (error: unknown): string => {
  const plain = plainFailure(error);
  return plain instanceof ApplicationFailure ? (plain.type ?? '') : '';
};

/** What travels beside the sentence of the failure that a step ended with. */
export const detailsOf = (error: unknown): { hint?: string; evidence?: string } => {
  const plain = plainFailure(error);
  const details: unknown = typeof plain === 'object' && plain !== null ? Reflect.get(plain, 'details') : null;
  const [first] = Array.isArray(details) ? details : [];
  return typeof first === 'object' && first !== null ? first : {};
};

/** One sentence for people. */
export const reason = (error: unknown): string => {
  if (isCancellation(error)) return CANCELLED;
  const plain = plainFailure(error);
  return plain instanceof Error ? plain.message : String(plain);
};

/** What the step said before its time was up tells more than that it was up. */
const timedOut = ({ timeoutType, cause }: TimeoutFailure): ApplicationFailure => {
  if (cause instanceof ApplicationFailure && cause.type !== 'WorkerShutdown') return cause;
  if (cause instanceof TimeoutFailure) return timedOut(cause);
  if (timeoutType === 'START_TO_CLOSE')
    return runFailure(new Failure('STALLED', 'the step took longer than it may'));
  if (timeoutType === 'HEARTBEAT') return agentGone('the agent fell silent during this step');
  // Temporal does not tell a slow step from an agent that was away.
  return agentGone(
    'no agent ended the step in time',
    'see whether the agent runs (holdfast up); if it does, look for locks and for what is slow to stop or start',
  );
};

/** People read the sentence; a stack would name paths of the machine that built this. */
const withoutStack = (failure: ApplicationFailure): ApplicationFailure =>
  Object.assign(failure, { stack: '' });

const agentGone = (message: string, hint?: string): ApplicationFailure =>
  runFailure(new Failure('NO_AGENT', message, { hint }));
