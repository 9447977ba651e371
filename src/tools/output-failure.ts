// What a program means that writes a file by itself and cannot go on.
import { Failure } from '../domain/failure.js';
import type { FailureRule } from './failure-rule.js';

const FULL = /No space left on device|Disk quota exceeded/;
/** A disk or a network that may come back; at the others somebody must look. */
const PASSING = /Input\/output error|Stale file handle|Connection timed out|Host is down/;
const LASTING = /File too large|Read-only file system|Operation not permitted|Permission denied/;

/** The program had its output opened for it, so its own words cannot say where that is. */
export const outputFailure: FailureRule = ({ command: { writesInto }, words, tail }) => {
  if (writesInto === undefined) return null;
  if (FULL.test(words)) return new Failure('DISK_FULL', `${writesInto} is full`, { evidence: tail });
  const said = PASSING.exec(words) ?? LASTING.exec(words);
  if (said === null) return null;
  const retryable = PASSING.test(words);
  return new Failure('REPOSITORY_UNREACHABLE', `${writesInto}: ${said[0]}`, { evidence: tail, retryable });
};
