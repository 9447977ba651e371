// Which of several programs' failures was the cause of the others.
import type { Failure } from '../domain/failure.js';
import { failureOf } from './classify.js';
import { type Ending, endedWell } from './ending.js';

/**
 * The failure to report of programs piped to each other, in their order; null when all ended well. A broken pipe only
 * says that a later program was gone, so it counts when nothing else failed. Of the others the first one is the cause:
 * those behind it read a stream that was cut.
 */
export const reportedFailure = (endings: readonly Ending[]): Failure | null => {
  const failed = endings.filter((ending) => !endedWell(ending));
  const cause = failed.find((ending) => !isBrokenPipe(ending)) ?? failed[0];
  return cause === undefined ? null : failureOf(cause);
};

// Programs are piped through socket pairs: a writer that waits when its reader dies gets ECONNRESET, not EPIPE.
const BROKEN_PIPE = /broken pipe|(?:write|writing|output)[^\n]*connection reset by peer/i;
const PIPE_EXIT_CODE = 141;

const isBrokenPipe = ({ signal, exitCode, tail }: Ending): boolean =>
  signal === 'SIGPIPE' || exitCode === PIPE_EXIT_CODE || BROKEN_PIPE.test(tail);
