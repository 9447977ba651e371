// holdfast give-up: ends a roll-back that cannot succeed, which would otherwise be tried for ever. What is left is settled by the
// agent once it can be.
import { giveUpUpdate } from '../domain/progress.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import { sendUpdate, thisPerson } from './send-update.js';
import { runOf, withSession } from './session.js';

export const giveUp = async (id: string, options: CommonOptions, output: Output): Promise<number> =>
  withSession(await configOf(options), output, async (session) => {
    const answer = await sendUpdate(runOf(session, id), giveUpUpdate, { by: thisPerson() });
    if (output.json) output.answerJson({ run: id, givenUp: true });
    else output.answer(answer);
    return 0;
  });
