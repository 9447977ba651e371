import { expect, it } from 'vitest';
import { toApplicationFailure } from '../../../src/activities/application-failure.js';
import { Failure } from '../../../src/domain/failure.js';

it('carries code, sentence, hint, evidence and whether it is tried again', () => {
  const failure = new Failure('TOOL_FAILED', 'pg_dump failed', { hint: 'look', evidence: 'last words' });
  expect(toApplicationFailure(failure)).toMatchObject({
    type: 'TOOL_FAILED',
    message: 'pg_dump failed',
    nonRetryable: false,
    details: [{ hint: 'look', evidence: 'last words' }],
  });
  expect(toApplicationFailure(new Failure('DISK_FULL', 'full'))).toMatchObject({ nonRetryable: true });
});

it('carries no stack, which would name paths of this host', () => {
  const { stack } = toApplicationFailure(new Failure('BUSY', 'busy'));
  expect(stack).toBe('BUSY: busy');
});

it('makes of anything else an unexpected failure that is tried again', () => {
  expect(toApplicationFailure(new TypeError('oops'))).toMatchObject({
    type: 'UNEXPECTED',
    message: 'oops',
    nonRetryable: false,
  });
});
