// Puts a backup, or what the last restore replaced, in the live data's place. Until the swap nothing that the application
// uses is touched; whatever fails, what was there before is there again.
import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import type { RestorePlan } from '../domain/plans.js';
import type { RestoreResult } from '../domain/progress.js';
import { parseRestoreRequest } from '../domain/requests.js';
import { quick, undoing, WATCHED } from './activities.js';
import { prepareApproval } from './approval.js';
import { failingPlainly } from './failing.js';
import { type Decide, healthBefore, prepareDecision, requireHealth } from './health.js';
import { parsed } from './input.js';
import { makingWay } from './make-way.js';
import { type ShownProgress, showProgress } from './progress.js';
import { between, replaceLive } from './replace-live.js';
import { prepareRollBack, rolledBack } from './roll-back.js';
import { runningForMs, thisRun } from './run.js';
import { runAfterRestore, startServices, stopServices } from './services.js';
import { stage } from './stage.js';
import { withoutEnd } from './without-end.js';

export async function restore(input: unknown): Promise<RestoreResult> {
  const request = parsed(parseRestoreRequest, input);
  const progress = showProgress('restore', request.deployment);
  const approve = prepareApproval(progress);
  const decide = prepareDecision(progress);
  const rollBack = prepareRollBack(progress);
  return failingPlainly(async () => {
    const planned = await progress.step('plan', (name) =>
      quick(name, WATCHED).planRestore({ request, run: thisRun() }),
    );
    progress.show({ backup: planned.backup, plan: planned.lines });
    // They are for people; the steps' inputs stay small without them.
    const plan = { ...planned, lines: [] };
    const approval = await approve(plan, request.confirm);
    progress.show({ phase: 'working' });
    const begin = (name: string) => quick(name, WATCHED).beginRestore({ plan, request, approval });
    const beginning = progress.repeated('begin');
    await makingWay(plan, progress, () => beginning(begin)).catch(async (error: unknown) => {
      throw await rollBack({ plan, error });
    });
    const restored = await carryOut(plan, progress, decide).catch(async (error: unknown) => {
      throw await rollBack({ plan, error, ended: rolledBack });
    });
    return await conclude(plan, restored, progress);
  });
}

type Restored = Pick<RestoreResult, 'downtimeMs' | 'health' | 'elsewhere' | 'leftStopped'>;

/** From `stop` on the application is down, until `start`. */
const carryOut = async (plan: RestorePlan, progress: ShownProgress, decide: Decide): Promise<Restored> => {
  const elsewhere = plan.kind === 'restore' ? (await stage(plan, progress, WATCHED)).elsewhere : [];
  const before = await healthBefore(plan, progress);
  const { since: downSince, stopped } = await stopServices(plan, progress);
  const { closedAt, openAt } = await replaceLive(plan, progress);
  await runAfterRestore(plan, progress);
  const upAgain = await startServices(plan, progress);
  const health = await requireHealth(plan, before, { progress, decide });
  // A step may succeed although it was cancelled: who cancelled wants back what was there.
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
  return {
    downtimeMs: between(downSince || closedAt, upAgain || openAt),
    health,
    elsewhere,
    leftStopped: plan.leaveStopped ? stopped : [],
  };
};

const nothingKept = ({ mode, safety }: RestorePlan): string => {
  if (mode !== 'in-place') return 'nothing was replaced';
  return safety === '' ? 'nothing: there is no safety backup' : `the safety backup ${safety}`;
};

/** The restored data is live: to cancel comes too late, there is `undo`. */
const conclude = async (
  plan: RestorePlan,
  restored: Restored,
  progress: ShownProgress,
): Promise<RestoreResult> => {
  const previousUntil = await withoutEnd(progress, 'keep previous', {
    act: (name) => undoing(name).keepPrevious({ plan }),
    detail: (until) => (until === '' ? nothingKept(plan) : `until ${until}`),
  });
  progress.show({ phase: 'done' });
  return {
    deployment: plan.deployment,
    backup: plan.backup,
    outcome: 'restored',
    ...restored,
    unsigned: plan.unsigned ?? '',
    durationMs: runningForMs(),
    databases: plan.databases,
    trees: plan.trees,
    aside: plan.aside ?? [],
    safety: plan.safety,
    previousUntil: previousUntil ?? '',
  };
};
