// A restore replaces live data: it waits until somebody says which deployment and which backup.
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';
import type { RestorePlan } from '../domain/plans.js';
import { type Approval, approveUpdate } from '../domain/progress.js';
import { runFailure } from './input.js';
import type { ShownProgress } from './progress.js';

/** @param confirm what the start already said; null: it is waited for */
export const approved = async (
  plan: RestorePlan,
  confirm: string | null,
  progress: ShownProgress,
): Promise<void> => {
  const expected = `${plan.deployment}@${plan.backup}`;
  if (confirm === expected) return;
  if (confirm !== null) throw notApproved(`confirm is ${confirm}, but what would be restored is ${expected}`);
  const given = approvals(expected);
  progress.show({ phase: 'waiting for approval', confirm: expected });
  const came = await condition(() => given.length > 0, plan.approveWithinMs);
  progress.show({ confirm: '' });
  if (!came)
    throw notApproved(
      `nobody approved the restore of ${expected} within ${plan.approveWithinMs / 60_000} minutes`,
    );
};

const approvals = (expected: string): Approval[] => {
  const given: Approval[] = [];
  setHandler(
    defineUpdate<string, [Approval]>(approveUpdate),
    (approval) => {
      given.push(approval);
      return `approved: ${expected}`;
    },
    {
      description: `Approves the restore: {"confirm": "${expected}"}`,
      validator: (approval: Approval | undefined) => {
        if (approval?.confirm !== expected) throw new Error(`approve expects {"confirm": "${expected}"}`);
        if (given.length > 0) throw new Error('it is approved already');
      },
    },
  );
  return given;
};

const notApproved = (message: string) => runFailure(new Failure('NOT_APPROVED', message));
