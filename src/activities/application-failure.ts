// The edge: a Failure becomes what Temporal carries, and nothing else leaves an activity.
import { ApplicationFailure } from '@temporalio/common';
import { asFailure } from '../domain/failure.js';

/** `type` is the code; details hold hint and evidence. The stack stays here: it names paths of this host. */
export const toApplicationFailure = (thrown: unknown): ApplicationFailure => {
  const { code, message, hint, evidence, retryable } = asFailure(thrown);
  const failure = ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !retryable,
    details: [{ hint, evidence: evidence ?? '' }],
  });
  failure.stack = `${code}: ${message}`;
  return failure;
};
