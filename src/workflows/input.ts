// Input that is not what it should be ends the run at once and says what is expected.
import { ApplicationFailure } from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';

export const parsed = <T>(parse: (input: unknown) => T, input: unknown): T => {
  try {
    return parse(input);
  } catch (error) {
    if (error instanceof Failure) throw runFailure(error);
    throw error;
  }
};

/** A Failure as what ends a run: `type` is its code. */
export const runFailure = ({ code, message, hint, evidence }: Failure): ApplicationFailure =>
  ApplicationFailure.create({
    type: code,
    message: code === 'INPUT_INVALID' ? `${message}; ${hint}` : message,
    nonRetryable: true,
    details: [{ hint, evidence: evidence ?? '' }],
  });
