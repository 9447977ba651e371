// Takes the operation for a restore that was approved: the plan is made again and must be the same.
import { deploymentOf } from '../../config/load.js';
import { Failure } from '../../domain/failure.js';
import type { RestorePlan } from '../../domain/plans.js';
import type { GivenApproval } from '../../domain/progress.js';
import type { RestoreRequest } from '../../domain/requests.js';
import type { Host } from '../../operations/context.js';
import { endHold } from '../../operations/holds.js';
import { locateTrees } from '../../operations/locate.js';
import { noteEvent } from '../../operations/log/log.js';
import { readRecord, takeOperation } from '../../operations/record.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requireOwnRun } from '../own-run.js';
import { replacesNothing } from './aside.js';
import { makeRestorePlan } from './plan-restore.js';
import { restoreRecord } from './restore-record.js';
import { NOTHING_AROUND, withoutApplication } from './without-application.js';

export interface BeginRestoreInput {
  plan: RestorePlan;
  request: RestoreRequest;
  /** Runs of earlier versions have none. */
  approval?: GivenApproval;
}

export const beginRestore = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ plan, request, approval }: BeginRestoreInput, { host }) => {
    requireOwnRun(plan);
    if (approval !== undefined) await noteApproval(plan, approval, host);
    const held = { deployment: plan.deployment, holder: plan.run };
    if ((await readRecord(host.state, plan.deployment))?.id === plan.operation)
      return endHold(host.state, held, host.effect);
    await requireSamePlan(dependencies, plan, request);
    const config = await dependencies.loadConfig();
    const configured = await locateTrees(deploymentOf(config, plan.deployment));
    const present = request.recovery ? await withoutApplication(configured) : configured;
    const deployment = replacesNothing(plan) ? { ...present, ...NOTHING_AROUND } : present;
    const record = await restoreRecord({ plan, config, deployment, host, dependencies });
    const { only } = request;
    await takeOperation(
      host.state,
      {
        ...record,
        ...(approval === undefined ? {} : { approvedBy: plainly(approval.by) }),
        ...(only.length === 0 ? {} : { only }),
        ...(plan.unsigned === undefined ? {} : { unsigned: plan.unsigned }),
      },
      host.effect,
    );
    // From now on the operation holds it.
    await endHold(host.state, held, host.effect);
  });

/** An approval was given, whatever comes of it. */
const noteApproval = (plan: RestorePlan, { by, how }: GivenApproval, host: Host): Promise<void> =>
  noteEvent(host, {
    ...{ deployment: plan.deployment, kind: 'approval', id: plan.operation },
    ...{ at: new Date().toISOString(), backup: plan.backup, outcome: 'approved' },
    facts: { by: plainly(by), how, confirm: `${plan.deployment}@${plan.backup}`, of: plan.kind },
  });

/** Whatever a client says, on one line and not for ever. */
const plainly = (text: string): string => text.replace(/\p{Cc}/gu, ' ').slice(0, 200);

const requireSamePlan = async (
  dependencies: Dependencies,
  plan: RestorePlan,
  request: RestoreRequest,
): Promise<void> => {
  const pinned = request.backup === 'previous' ? request : { ...request, backup: plan.backup };
  const again = await makeRestorePlan(dependencies, {
    request: pinned,
    run: plan.run,
    operation: plan.operation,
  });
  if (again.digest === plan.digest) return;
  throw new Failure(
    'PLAN_CHANGED',
    `what was approved for ${plan.deployment} is no longer what would be done`,
  );
};
