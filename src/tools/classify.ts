// What a failed program meant by its last words: one sentence and the next step. The rules of each program are in
// the files beside this one whose names end in -failures; the first that matches decides.
import { Failure } from '../domain/failure.js';
import { DOCKER_FAILURES } from './docker-failures.js';
import type { Ending } from './ending.js';
import { POSTGRES_FAILURES } from './postgres-failures.js';
import { rcloneFailure } from './rclone-failures.js';
import { RESTIC_FAILURES } from './restic-failures.js';
import { SIDECAR_FAILURES } from './sidecar-failures.js';
import { STREAM_FAILURES } from './stream-failures.js';
import { tellingLine } from './telling-line.js';

export const failureOf = (ending: Ending): Failure => {
  for (const rule of RULES) {
    const failure = rule(ending);
    if (failure !== null) return failure;
  }
  return new Failure('TOOL_FAILED', `${ending.name} ${howItEnded(ending)}`, {
    evidence: ending.tail,
    ...(ending.signal === 'SIGKILL' ? { hint: 'if nobody killed it, see whether memory ran out' } : {}),
  });
};

const RULES = [
  rcloneFailure,
  ...STREAM_FAILURES,
  ...RESTIC_FAILURES,
  ...SIDECAR_FAILURES,
  ...DOCKER_FAILURES,
  ...POSTGRES_FAILURES,
];

const howItEnded = ({ name, exitCode, signal, tail }: Ending): string => {
  if (signal !== null) return `was killed by ${signal}`;
  const word = tellingLine(tail, name);
  return `failed (exit ${exitCode ?? 'unknown'})${word === '' ? '' : `: ${word}`}`;
};
