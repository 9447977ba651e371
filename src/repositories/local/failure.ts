// What the file system says against a local repository, as a Failure that names the repository.
import type { LocalSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';

/** Runs `act`; an error of the file system becomes DISK_FULL or REPOSITORY_UNREACHABLE. Others pass as they are. */
export const inRepository = async <T>(settings: LocalSettings, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw isSystemError(error) ? localFailure(settings, error) : error;
  }
};

const localFailure = (settings: LocalSettings, cause: NodeJS.ErrnoException): Failure => {
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    return new Failure('DISK_FULL', `repository ${settings.name} at ${settings.path} is full`, { cause });
  }
  return unreachable(settings, {
    why: cause.message.replace(/^[A-Z]+: /, ''),
    cause,
    retryable: PASSING.has(cause.code ?? ''),
  });
};

/** A disk or a network that may come back; the others stay until somebody mends them. */
const PASSING = new Set([
  'EIO',
  'ESTALE',
  'ETIMEDOUT',
  'ENOTCONN',
  'EHOSTDOWN',
  'EBUSY',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
]);

export const unreachable = (
  settings: LocalSettings,
  { why, cause, retryable = false }: { why: string; cause?: unknown; retryable?: boolean },
): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `repository ${settings.name} at ${settings.path}: ${why}`, {
    cause,
    retryable,
  });

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string';

export const nullWhenMissing = (cause: unknown): null => {
  if (isSystemError(cause) && cause.code === 'ENOENT') return null;
  throw cause;
};
