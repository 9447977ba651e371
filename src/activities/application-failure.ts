// The edge: a Failure becomes what Temporal carries, and nothing else leaves an activity. No secret does.
import { ApplicationFailure } from '@temporalio/common';
import { redacted } from '../config/redacted.js';
import { asFailure } from '../domain/failure.js';

/** `type` is the code; details hold hint and evidence. The stack stays here: it names paths of this host. */
export const toApplicationFailure = (thrown: unknown): ApplicationFailure => {
  const { code, message, hint, evidence, retryable } = asFailure(thrown);
  const said = redacted(message);
  const failure = ApplicationFailure.create({
    type: code,
    message: said,
    nonRetryable: !retryable,
    details: [{ hint: redacted(hint), evidence: redacted(evidence ?? '') }],
  });
  failure.stack = `${code}: ${said}`;
  return failure;
};
