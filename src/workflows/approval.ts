// A restore replaces live data: it waits until somebody says which deployment and which backup.
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';
import type { RestorePlan } from '../domain/plans.js';
import { type Approval, approveUpdate, type GivenApproval } from '../domain/progress.js';
import { refusal, runFailure } from './failing.js';
import type { ShownProgress } from './progress.js';
import { tellThat } from './telling.js';

/** @param confirm what the start already said; null: it is waited for */
export type Approve = (plan: RestorePlan, confirm: string | null) => Promise<GivenApproval>;

/** To be called when the run begins: from then on `approve` is known, and says when it makes no sense yet. */
export const prepareApproval = (progress: ShownProgress): Approve => {
  const waiting = listenForApproval();
  return async (plan, confirm) => {
    const expected = `${plan.deployment}@${plan.backup}`;
    if (confirm === expected) {
      progress.addStep('approval')('done', 'given with the input');
      return { by: 'who started the run', how: 'with the input' };
    }
    if (confirm !== null)
      throw notApproved(`confirm is ${confirm}, but what would be restored is ${expected}`);
    waiting.expected = expected;
    progress.show({ phase: 'waiting for approval', confirm: expected });
    const told = tellThat('restore-waiting', {
      cause: `${expected} waits until ${untilWords(plan.approveWithinMs)}`,
    });
    try {
      await condition(() => waiting.given !== null, plan.approveWithinMs, {
        summary: `waiting for the update approve with {"confirm": "${expected}"}`,
      });
    } finally {
      // First of all: what is approved after the end of a run would be approved for nothing.
      waiting.expected = '';
      progress.show({ confirm: '' });
      await told;
    }
    if (waiting.given === null)
      throw notApproved(`nobody approved the restore of ${expected} within ${inWords(plan.approveWithinMs)}`);
    const by = approver(waiting.given);
    progress.addStep('approval')('done', `by ${by}`);
    return { by, how: 'while it waited' };
  };
};

interface Waiting {
  /** Empty when nothing waits. */
  expected: string;
  given: Approval | null;
}

const listenForApproval = (): Waiting => {
  const waiting: Waiting = { expected: '', given: null };
  setHandler(
    defineUpdate<string, [Approval]>(approveUpdate),
    (approval) => {
      waiting.given = approval;
      return `approved: ${approval.confirm}`;
    },
    {
      description: 'Approves a restore that waits: {"confirm": "DEPLOYMENT@BACKUP-ID", "by": "YOUR NAME"}',
      validator: (approval: Approval | null | undefined) => requireFitting(waiting, approval),
    },
  );
  return waiting;
};

const requireFitting = ({ expected, given }: Waiting, approval: Approval | null | undefined): void => {
  if (given !== null) throw refusal('NOT_APPROVED', 'it is approved already');
  if (expected === '') throw refusal('NOT_APPROVED', 'nothing waits for approval at this moment');
  if (approval?.confirm !== expected)
    throw refusal('NOT_APPROVED', `approve expects {"confirm": "${expected}"}`);
};

/** As the client says. */
const approver = ({ by }: Approval): string => (typeof by === 'string' && by !== '' ? by : 'an operator');

const untilWords = (ms: number): string =>
  `${new Date(Date.now() + ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const inWords = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.ceil(ms / 1000)} s`;

const notApproved = (message: string) => runFailure(new Failure('NOT_APPROVED', message));
