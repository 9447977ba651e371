// holdfast watch: follows a run to its end, whoever started it, and prints what came of it.

import { formatAge } from '../domain/age.js';
import { showPlan } from './approval.js';
import { follow } from './follow.js';
import { type CommonOptions, configOf } from './input.js';
import { isRunKind, type OpenRun, openRuns } from './open-runs.js';
import { reportResult } from './outcome.js';
import type { Output } from './output.js';
import { table } from './render/table.js';
import { type Run, runOf, type Session, withSession } from './session.js';
import { waitsForApproval } from './waiting.js';
import { runFailure } from './workflow-failure.js';

export const watch = async (
  run: string | undefined,
  options: CommonOptions,
  output: Output,
): Promise<number> =>
  withSession(await configOf(options), output, async (session) => {
    if (run !== undefined) return followToEnd(session, runOf(session, run));
    const open = await openRuns(session.client, session.config);
    const [first] = open;
    if (first === undefined || open.length > 1) return listOpen(open, output);
    output.say(`following ${first.run}`);
    return followToEnd(session, runOf(session, first.run));
  });

const followToEnd = async (session: Session, run: Run): Promise<number> => {
  const kind = await kindOf(run);
  const waiting = await follow(run, session.output, { until: waitsForApproval });
  if (waiting.end === 'result') return reportResult(session, kind, waiting.result);
  if (waiting.view.progress !== null) showPlan(waiting.view.progress, session.output);
  session.output.say(`it waits for approval: holdfast approve ${run.handle.workflowId}`);
  const ended = await follow(run, session.output, { since: waiting.view });
  return ended.end === 'result' ? reportResult(session, kind, ended.result) : 0;
};

const kindOf = async ({ handle }: Run) => {
  try {
    const { type } = await handle.describe();
    return isRunKind(type) ? type : 'settle';
  } catch (thrown) {
    throw runFailure(thrown);
  }
};

const listOpen = (open: readonly OpenRun[], output: Output): number => {
  if (output.json) output.answerJson(open);
  else if (open.length === 0) output.say('nothing is running');
  else {
    const rows = open.map(({ run, kind, startedAt }) => [
      run,
      kind,
      formatAge(new Date(startedAt), new Date()),
    ]);
    output.answer(
      table([{ title: 'RUN' }, { title: 'KIND' }, { title: 'AGE', align: 'right' }], rows).join('\n'),
    );
    output.say('follow one of them: holdfast watch RUN');
  }
  return 0;
};
