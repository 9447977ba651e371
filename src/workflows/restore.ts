// Puts a backup, or what the last restore replaced, in the live data's place. Until the swap nothing that the application
// uses is touched; whatever fails, what was there before is there again.
import { workflowInfo } from '@temporalio/workflow';
import type { RestorePlan } from '../domain/plans.js';
import type { RestoreResult } from '../domain/progress.js';
import { parseRestoreRequest, type RestoreRequest } from '../domain/requests.js';
import { quick, swapping, transfer, undoing } from './activities.js';
import { approved } from './approval.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';
import { rolledBack } from './roll-back.js';
import { failingPlainly, thisRun } from './run.js';
import { together } from './together.js';

const PATIENCE = { watched: true };

export async function restore(input: unknown): Promise<RestoreResult> {
  const request = parsed(parseRestoreRequest, input);
  const progress = showProgress('restore', request.deployment);
  return failingPlainly(async () => {
    const plan = await progress.step('plan', (name) =>
      quick(name, PATIENCE).planRestore({ request, run: thisRun() }),
    );
    progress.show({ backup: plan.backup, plan: plan.lines });
    await approved(plan, request.confirm, progress);
    progress.show({ phase: 'working' });
    try {
      return await carryOut(plan, request, progress);
    } catch (error) {
      throw await rolledBack(progress, { plan, error, what: 'restore' });
    }
  });
}

const carryOut = async (
  plan: RestorePlan,
  request: RestoreRequest,
  progress: ShownProgress,
): Promise<RestoreResult> => {
  const { step } = progress;
  await step('begin', (name) => quick(name, PATIENCE).beginRestore({ plan, request }));
  if (plan.kind === 'restore') await stage(plan, progress);
  const { closedAt, openAt } = await step('swap', (name) => swapping(name).swap({ plan }));
  const previousUntil = await step('keep previous', (name) => undoing(name).keepPrevious({ plan }), kept);
  progress.show({ phase: 'done' });
  return {
    deployment: plan.deployment,
    backup: plan.backup,
    outcome: 'restored',
    downtimeMs: Date.parse(openAt) - Date.parse(closedAt),
    durationMs: Date.now() - workflowInfo().startTime.getTime(),
    databases: plan.databases,
    trees: plan.trees,
    previousUntil,
  };
};

/** Beside the live data: databases and files do not wait for each other. */
const stage = async (plan: RestorePlan, { step }: ShownProgress): Promise<void> => {
  await step('fetch', (name) => transfer(name, PATIENCE).fetchArtifacts({ plan }));
  const databases = async () => {
    if (plan.databases.length === 0) return;
    await step(
      'stage databases',
      (name) => transfer(name, PATIENCE).stageDatabases({ plan }),
      ({ rows }) => `${rows} rows, as in the backup`,
    );
  };
  const trees = async () => {
    if (plan.trees.length === 0) return;
    await step(
      'stage files',
      (name) => transfer(name, PATIENCE).stageTrees({ plan }),
      ({ files }) => `${files} files, as in the backup`,
    );
  };
  await together(databases, trees);
};

const kept = (until: string): string => (until === '' ? 'nothing was replaced' : `until ${until}`);
