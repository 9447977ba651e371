// A failure as people and scripts get it: `error:`, the evidence under it, `hint:`, and with --json the same facts as one object.
import { exitCodeOf, type Failure } from '../domain/failure.js';
import type { Output } from './output.js';
import type { Paint } from './render/paint.js';

/** Says what went wrong; gives the exit code. */
export const reportFailure = (failure: Failure, output: Output): number => {
  for (const line of failureLines(failure, output.paint)) output.say(line);
  if (output.json) output.answerJson({ error: failureFacts(failure) });
  return exitCodeOf(failure);
};

export const failureLines = ({ message, hint, evidence }: Failure, paint: Paint): string[] => [
  ...`${paint('red', 'error:')} ${message}`.split('\n'),
  ...lastLines(evidence ?? '').map((line) => paint('dim', `    ${line}`)),
  ...(hint === '' ? [] : `${paint('yellow', 'hint:')} ${hint}`.split('\n')),
];

/** The sentence above them stays in sight: a program may say the same of each of a thousand files. */
const MOST_LINES = 12;

const lastLines = (evidence: string): string[] => {
  const lines = evidence.split('\n').filter((line) => line.trim() !== '');
  const more = lines.length - MOST_LINES;
  return more <= 1 ? lines : [`… ${more} lines before these; --json has them`, ...lines.slice(-MOST_LINES)];
};

const failureFacts = (failure: Failure) => ({
  code: failure.code,
  message: failure.message,
  hint: failure.hint,
  ...(failure.evidence === undefined ? {} : { evidence: failure.evidence }),
  exitCode: exitCodeOf(failure),
});
