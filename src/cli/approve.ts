// holdfast approve: shows the plan of a restore that waits, wherever it was started, and approves it.
import { Failure } from '../domain/failure.js';
import type { Progress } from '../domain/progress.js';
import { askApproval, needsConfirm, sendApproval, showPlan } from './approval.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import { lookAt } from './run-view.js';
import { type Run, runOf, withSession } from './session.js';
import { runFailure } from './workflow-failure.js';

export interface ApproveOptions extends CommonOptions {
  confirm?: string;
}

export const approve = async (
  id: string,
  { confirm, ...options }: ApproveOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (confirm === undefined && !output.canAsk)
    throw needsConfirm(`holdfast approve ${id} --confirm DEPLOYMENT@BACKUP`);
  return withSession(config, output, async (session) => {
    const run = runOf(session, id);
    const progress = await waitingProgress(run);
    showPlan(progress, output);
    if (confirm === undefined) await askApproval(progress.deployment, output);
    await sendApproval(run, progress, confirm ?? progress.confirm);
    if (output.json) output.answerJson({ run: id, approved: progress.confirm });
    else output.answer(`approved ${progress.confirm}`);
    output.say(`follow it: holdfast watch ${id}`);
    return 0;
  });
};

const waitingProgress = async (run: Run): Promise<Progress> => {
  const { status, progress } = await look(run);
  const id = run.handle.workflowId;
  if (status !== 'RUNNING')
    throw new Failure('NOT_APPROVED', `${id} has ended`, { hint: 'holdfast watch lists the open runs' });
  if (progress === null) throw new Failure('NO_AGENT', `the agent does not answer for ${id}`);
  if (progress.confirm === '')
    throw new Failure('NOT_APPROVED', `${id} does not wait for approval; it is ${progress.phase}`, {
      hint: `holdfast watch ${id}`,
    });
  return progress;
};

const look = async (run: Run) => {
  try {
    return await lookAt(run);
  } catch (thrown) {
    throw runFailure(thrown);
  }
};
