// Approval of a waiting restore: the plan is shown, a name is typed or given, the run is told.
import { WorkflowNotFoundError } from '@temporalio/common';
import { Failure } from '../domain/failure.js';
import { type Approval, approveUpdate, type Progress } from '../domain/progress.js';
import { tellRun } from '../temporal/tell-run.js';
import { askName } from './ask.js';
import type { Output } from './output.js';
import { thisPerson } from './send-update.js';
import type { Run } from './session.js';
import { runFailure } from './workflow-failure.js';

export const showPlan = ({ plan }: Progress, { say, paint }: Output): void => {
  say(paint('bold', 'plan'));
  for (const line of plan) say(`  ${line}`);
};

/** Throws NOT_APPROVED when another name is typed, CANCELLED when the question is broken off. */
export const askApproval = async (deployment: string, output: Output): Promise<void> => {
  const typed = await askName(deployment, output);
  if (typed === null)
    throw new Failure('CANCELLED', 'the restore was not approved', { hint: 'nothing was changed' });
  if (typed !== deployment)
    throw new Failure('NOT_APPROVED', `${typed === '' ? 'nothing' : typed} was typed, not ${deployment}`, {
      hint: 'nothing was changed; start the restore again and type the deployment’s name',
    });
};

/** @throws Failure that says what was expected, when the run refuses */
export const sendApproval = async (run: Run, progress: Progress, confirm: string): Promise<void> => {
  const approval: Approval = { confirm, by: thisPerson() };
  try {
    await tellRun(run.handle, approveUpdate, approval);
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) throw await reasonOfEnd(run, thrown);
    if (thrown instanceof Failure) throw thrown;
    const failure = runFailure(thrown);
    throw new Failure(failure.code === 'UNEXPECTED' ? 'NOT_APPROVED' : failure.code, failure.message, {
      hint: `it waits for: holdfast approve ${run.handle.workflowId} --confirm ${progress.confirm}`,
      cause: thrown,
    });
  }
};

/** What to type where nobody can be asked. */
export const needsConfirm = (command: string): Failure =>
  new Failure('INPUT_INVALID', 'nobody is there to approve it: this is not a terminal', { hint: command });

/** A run that ended while somebody read its plan says why itself. */
const reasonOfEnd = async ({ handle }: Run, otherwise: WorkflowNotFoundError): Promise<Failure> =>
  runFailure(
    await handle.result().then(
      () => otherwise,
      (thrown: unknown) => thrown,
    ),
  );
