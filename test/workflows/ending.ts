// How a run ended, in the words of a test.
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Run } from './fake-deployment.js';

export interface Ending {
  status: string;
  /** The failure's code; `chain` when there is another failure behind it. */
  code: string | undefined;
  message: string;
  details: unknown[];
}

/** @throws when the run succeeded */
export const failureOf = async ({ handle }: Run): Promise<Ending> => {
  const thrown = await handle.result().then(
    () => new Error('the run succeeded'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof WorkflowFailedError)) throw thrown;
  const { cause } = thrown;
  const status = (await handle.describe()).status.name;
  if (cause instanceof CancelledFailure) return { status, code: undefined, message: '', details: [] };
  if (!(cause instanceof ApplicationFailure)) throw thrown;
  const code = cause.cause === undefined ? (cause.type ?? undefined) : 'chain';
  return { status, code, message: cause.message, details: cause.details ?? [] };
};

/** It was cancelled, and ended as such. */
export const CANCELLED: Ending = { status: 'CANCELLED', code: undefined, message: '', details: [] };
