// The answer to an update that does not fit: nothing of it is recorded, and whoever sent it reads why.
import { ApplicationFailure } from '@temporalio/workflow';
import type { FailureCode } from '../domain/failure-codes.js';

export const refusal = (code: FailureCode, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: code, message, nonRetryable: true });
