import { describe, expect, it } from 'vitest';
import { asFailure, exitCodeOf, Failure } from '../../../src/domain/failure.js';
import { FAILURE_KINDS, isFailureCode } from '../../../src/domain/failure-codes.js';

const system = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: message`), { code, ...(path === undefined ? {} : { path }) });

describe.each(Object.entries(FAILURE_KINDS))('%s', (code, { exitCode, hint, retryable }) => {
  it('has an exit code that says failure, and a hint with the next step', () => {
    expect(exitCode === 130 || (exitCode >= 1 && exitCode <= 9)).toBe(true);
    expect(hint).toMatch(/^[a-z].{5,}[^.]$/);
  });

  it('is known as a code, and gives a failure its exit code, hint and whether it is tried again', () => {
    if (!isFailureCode(code)) throw new Error(`${code} is not known`);
    const failure = new Failure(code, 'it failed');
    expect(exitCodeOf(failure)).toBe(exitCode);
    expect(failure).toMatchObject({ code, message: 'it failed', hint, retryable });
  });
});

it('is not fooled by what every object has', () => {
  for (const text of ['constructor', 'toString', '__proto__', '', 'busy', undefined, null, 4])
    expect(isFailureCode(text)).toBe(false);
});

it('never tries again what a person must mend first', () => {
  const codes = ['CONFIG_INVALID', 'DATABASE_CREDENTIALS', 'VERSION_MISMATCH', 'DISK_FULL'] as const;
  for (const code of [...codes, 'CORRUPT_ARTIFACT', 'STATE_DAMAGED'] as const)
    expect(FAILURE_KINDS[code].retryable).toBe(false);
});

it('takes a better hint, the evidence and the cause that it is given', () => {
  const cause = new Error('cause');
  const failure = new Failure('BUSY', 'busy', { hint: 'wait', retryable: true, evidence: 'words', cause });
  expect(failure).toMatchObject({ hint: 'wait', retryable: true, evidence: 'words', cause });
});

describe('anything that is thrown', () => {
  it('stays what it is when it is a failure', () => {
    const failure = new Failure('BUSY', 'busy');
    expect(asFailure(failure)).toBe(failure);
  });

  it('is a full disk when the system says so, with the path where it is known', () => {
    expect(asFailure(system('ENOSPC', '/srv/x'))).toMatchObject({
      code: 'DISK_FULL',
      message: 'no space left on the disk: /srv/x',
    });
    expect(asFailure(system('EDQUOT'))).toMatchObject({
      code: 'DISK_FULL',
      message: 'no space left on the disk',
    });
  });

  it('is unexpected otherwise, and keeps where it came from as evidence', () => {
    const failure = asFailure(system('ENOENT', '/srv/x'));
    expect(failure).toMatchObject({ code: 'UNEXPECTED', message: 'ENOENT: message', retryable: true });
    expect(failure.evidence).toContain('failure.test.ts');
  });

  it.each(['text', 5, null, undefined, { a: 1 }])('may be %j', (thrown) => {
    expect(asFailure(thrown)).toMatchObject({ code: 'UNEXPECTED', message: String(thrown) });
  });
});
