// holdfast status: did it work? From repositories and the state folder alone; with --log, what happened.
import { Failure } from '../../domain/failure.js';
import { readStatus } from '../../operations/status/read-status.js';
import { type CommonOptions, configOf, deploymentsOf } from '../input.js';
import type { Output } from '../output.js';
import { statusLines } from '../render/status.js';
import { judged } from './judged.js';
import { showLog } from './log.js';

export interface StatusOptions extends CommonOptions {
  log?: true;
  verify?: true;
}

/** For monitoring: told from a failure of the command itself. docs/exit-codes.md promises it. */
export const SOMETHING_IS_WRONG = 10;

export const status = async (
  deployment: string | undefined,
  { log, verify, ...options }: StatusOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  const names = deploymentsOf(config, deployment).map(({ name }) => name);
  if (log === true || verify === true)
    return showLog(config, { deployment: logged(deployment, log), verify: verify === true }, output);
  const page = judged(await readStatus(config, { deployments: names, now: new Date() }), config);
  if (output.json) output.answerJson(page);
  else output.answer(statusLines(page, output.paintAnswer).join('\n'));
  return page.ok ? 0 : SOMETHING_IS_WRONG;
};

const logged = (deployment: string | undefined, log: true | undefined): string => {
  if (deployment !== undefined && log === true) return deployment;
  const message = log === true ? '--log is of one deployment' : '--verify goes with --log';
  throw new Failure('INPUT_INVALID', message, {
    hint: `holdfast status ${deployment ?? 'DEPLOYMENT'} --log${log === true ? '' : ' --verify'}`,
  });
};
