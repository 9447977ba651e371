// holdfast status DEPLOYMENT --log: what happened to its backups, for an auditor. Reads repositories and state alone.
import { type ReadLog, readLog } from '../../catalog/log.js';
import type { Config } from '../../config/config.js';
import { exitCodeOf, Failure } from '../../domain/failure.js';
import type { Output } from '../output.js';
import { countOf } from '../render/format.js';
import { logLine, onOneLine } from '../render/log.js';
import { failureLines } from '../report-failure.js';

export interface LogAsked {
  deployment: string;
  /** Every byte is read again. */
  verify: boolean;
}

/** With `verify` it is 0 only if the log is whole. */
export const showLog = async (
  config: Config,
  { deployment, verify }: LogAsked,
  output: Output,
): Promise<number> => {
  const log = await readLog(config, deployment, { fresh: verify });
  const entries = log.entries.toReversed();
  if (output.json) output.answerJson({ deployment, ...log, entries, offline: offlineFacts(log) });
  else if (entries.length > 0) output.answer(entries.map(logLine).join('\n'));
  for (const { repository, failure } of log.offline)
    output.say(`${output.paint('yellow', 'warning:')} ${repository} does not answer: ${failure.message}`);
  return verify ? verdict(log, deployment, output) : seen(log, deployment, output);
};

const seen = ({ gaps, problems, entries }: ReadLog, deployment: string, output: Output): number => {
  const found = gaps.length + problems.length;
  if (found > 0)
    output.say(
      `${output.paint('yellow', 'warning:')} the log is not whole: holdfast status ${deployment} --log --verify`,
    );
  else if (entries.length === 0) output.say(`nothing happened to ${deployment} yet`);
  return 0;
};

const verdict = ({ gaps, problems, entries }: ReadLog, deployment: string, output: Output): number => {
  for (const words of [...problems, ...gaps]) output.say(onOneLine(words));
  if (gaps.length + problems.length === 0) {
    output.say(`whole: ${countOf(entries.length, 'entry', 'entries')}, signed, each naming the one before`);
    return 0;
  }
  const found = [
    ...(gaps.length === 0 ? [] : [countOf(gaps.length, 'gap')]),
    ...(problems.length === 0 ? [] : [countOf(problems.length, 'problem')]),
  ];
  const failure = new Failure('LOG_DAMAGED', `the log of ${deployment} has ${found.join(' and ')}`);
  for (const line of failureLines(failure, output.paint)) output.say(line);
  return exitCodeOf(failure);
};

const offlineFacts = ({ offline }: ReadLog) =>
  offline.map(({ repository, failure }) => ({ repository, problem: failure.message }));
