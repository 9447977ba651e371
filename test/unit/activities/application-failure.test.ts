import { DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { expect, it } from 'vitest';
import { toApplicationFailure } from '../../../src/activities/application-failure.js';
import { rememberSecret } from '../../../src/config/redacted.js';
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

it('carries no secret that this process has resolved, as it is or as a URL holds it', () => {
  rememberSecret('s3cret/word');
  const failure = new Failure('TOOL_FAILED', 'psql postgres://u:s3cret%2Fword@h failed', {
    hint: 'try s3cret/word',
    evidence: 'password s3cret/word is wrong',
  });
  expect(toApplicationFailure(failure)).toMatchObject({
    message: 'psql postgres://u:[secret]@h failed',
    stack: 'TOOL_FAILED: psql postgres://u:[secret]@h failed',
    details: [{ hint: 'try [secret]', evidence: 'password [secret] is wrong' }],
  });
});

it.each([
  ['last words', 'failed', `${'a line of "words"\n\t'.repeat(300)}the cause`],
  ['a sentence', `${'ä'.repeat(3000)}`, 'the cause'],
])(
  'stays small enough to be kept while a step is tried again, however long its %s',
  (_what, message, evidence) => {
    const failure = toApplicationFailure(new Failure('TOOL_FAILED', message, { evidence }));
    const {
      message: said,
      stackTrace,
      applicationFailureInfo,
    } = new DefaultFailureConverter().errorToFailure(failure, defaultPayloadConverter);
    const details = applicationFailureInfo?.details?.payloads?.[0]?.data?.length ?? Number.NaN;
    expect(Buffer.byteLength(`${said}${stackTrace}`) + details).toBeLessThan(3900);
    expect(failure.message).toMatch(/^(failed|ä{300,}…)$/);
    expect(failure.details).toEqual([
      { hint: expect.any(String), evidence: expect.stringMatching(/the cause$/) },
    ]);
  },
);

it('is whole where nothing is tried again', () => {
  const evidence = 'a line\n'.repeat(600);
  const failure = toApplicationFailure(new Failure('DISK_FULL', 'full', { evidence }));
  expect(failure.details).toMatchObject([{ evidence }]);
});
