// holdfast decide: keep or roll back a restore whose application is as unhealthy as it was before. Asked on a terminal that
// follows the run; said from elsewhere otherwise.
import { Failure } from '../domain/failure.js';
import { type Decision, decideUpdate } from '../domain/progress.js';
import { askKeep } from './ask.js';
import { follow } from './follow.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import type { RunView } from './run-view.js';
import { sendUpdate, thisPerson } from './send-update.js';
import { type Run, runOf, withSession } from './session.js';

export interface DecideOptions extends CommonOptions {
  keep?: true;
  rollBack?: true;
}

export const decide = async (
  id: string,
  { keep, rollBack, ...options }: DecideOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (!keep && !rollBack)
    throw new Failure('INPUT_INVALID', 'say what to do', {
      hint: `holdfast decide ${id} --keep, or holdfast decide ${id} --roll-back`,
    });
  return withSession(config, output, async (session) => {
    const answer = await send(runOf(session, id), keep === true);
    if (output.json) output.answerJson({ run: id, keep: keep === true });
    else output.answer(answer);
    output.say(`follow it: holdfast watch ${id}`);
    return 0;
  });
};

/** Follows a restore to its end, and asks where it waits for a decision. Gives its result. */
export const followDeciding = async (run: Run, output: Output, since: RunView): Promise<unknown> => {
  const first = await follow(run, output, { since, until: waitsForDecision });
  if (first.end === 'result') return first.result;
  if (output.canAsk) await send(run, await askKeep(output));
  else output.say(`it waits: holdfast decide ${run.handle.workflowId} --keep, or --roll-back`);
  const rest = await follow(run, output, { since: first.view });
  return rest.end === 'result' ? rest.result : undefined;
};

const waitsForDecision = ({ status, progress }: RunView): boolean =>
  status === 'RUNNING' && progress?.phase === 'waiting for a decision';

const send = (run: Run, keep: boolean): Promise<string> => {
  const decision: Decision = { keep, by: thisPerson() };
  return sendUpdate(run, decideUpdate, decision);
};
