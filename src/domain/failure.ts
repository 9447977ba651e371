// The one error that people see: a code, one sentence, and the next step. Evidence travels beside it.
import { FAILURE_KINDS, type FailureCode } from './failure-codes.js';

export interface FailureOptions {
  /** The next step, when it is a better one than the code's own. */
  hint?: string | undefined;
  retryable?: boolean | undefined;
  /** A program's last words (at most 4 kB), the paths concerned: whatever proves the sentence. */
  evidence?: string | undefined;
  cause?: unknown;
}

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly evidence: string | undefined;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? FAILURE_KINDS[code].hint;
    this.retryable = options.retryable ?? FAILURE_KINDS[code].retryable;
    this.evidence = options.evidence;
  }
}

export const exitCodeOf = (failure: Failure): number => FAILURE_KINDS[failure.code].exitCode;

/** Any thrown thing as a Failure; one that is not ours becomes UNEXPECTED and keeps its stack as evidence. */
export const asFailure = (thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  if (isDiskFull(thrown))
    return new Failure('DISK_FULL', ['no space left on the disk', thrown.path ?? []].flat().join(': '), {
      cause: thrown,
    });
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new Failure('UNEXPECTED', error.message, { cause: thrown, evidence: error.stack?.slice(0, 4000) });
};

const isDiskFull = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
