// A whole drill by the real activities, called one after the other without a Temporal server.
import type { Dependencies } from '../../src/activities/dependencies.js';
import type { ProofResult } from '../../src/activities/drill/prove-drill.js';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import type { DrillOutcome } from '../../src/domain/drills.js';
import { asFailure } from '../../src/domain/failure.js';
import type { DrillPlan } from '../../src/domain/plans.js';
import { asActivity } from './backup-by-hand.js';

const RUN = { workflowId: 'by-hand', firstRunId: 'by-hand' };

export const planDrillByHand = (
  dependencies: Dependencies,
  deployment: string,
  backup = 'latest',
): Promise<DrillPlan> => {
  const request = { deployment, backup, repository: null, allowUnsigned: false };
  return asActivity(quickActivities(dependencies).planDrill, { request, run: RUN });
};

/** @param tamper done to what was restored, before it is proved. Cleared in any case. */
export const drillByHand = async (
  dependencies: Dependencies,
  deployment: string,
  tamper: (plan: DrillPlan) => Promise<void> = async () => undefined,
): Promise<ProofResult> => {
  const quick = quickActivities(dependencies);
  const transfer = transferActivities(dependencies);
  const plan = await planDrillByHand(dependencies, deployment);
  await asActivity(quick.beginDrill, { plan });
  const outcome: DrillOutcome = { outcome: 'failed', facts: { reason: 'the test failed' } };
  try {
    await asActivity(transfer.fetchArtifacts, { plan });
    if (plan.databases.length > 0) await asActivity(transfer.stageDatabases, { plan });
    if (plan.trees.length > 0) await asActivity(transfer.stageTrees, { plan });
    await tamper(plan);
    const proof = await asActivity(transfer.proveDrill, { plan });
    Object.assign(outcome, { outcome: 'restored', facts: { tables: proof.tables } });
    return proof;
  } catch (error) {
    outcome.facts = { reason: asFailure(error).message };
    throw error;
  } finally {
    await asActivity(quick.clearDrill, { plan, outcome });
  }
};
