// Plans a restore or an undo: what is put back from where, and everything that could make it fail. Changes nothing but that
// no retention takes the backup away while its approval is waited for.
import { createHash, randomBytes } from 'node:crypto';
import { deploymentOf } from '../../config/load.js';
import type { RestorePlan, RunIdentity } from '../../domain/plans.js';
import type { RestoreRequest } from '../../domain/requests.js';
import type { Host } from '../../operations/context.js';
import { givesWay } from '../../operations/gives-way.js';
import { holdBackup } from '../../operations/holds.js';
import { requireHooks } from '../../operations/hooks.js';
import { locateTrees } from '../../operations/locate.js';
import { busy, type OperationRecord, readRecord } from '../../operations/record.js';
import { unitsOf } from '../../services/service.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { isAside, replacesNothing } from './aside.js';
import { aroundLines } from './describe-restore.js';
import { planFromBackup } from './plan-from-backup.js';
import { planFromKept } from './plan-from-kept.js';
import { treeWay } from './tree-way.js';
import { NOTHING_AROUND, withoutApplication } from './without-application.js';

export interface PlanRestoreInput {
  request: RestoreRequest;
  run: RunIdentity;
  /** A plan that was approved is made again under its own operation id. */
  operation?: string;
}

export const planRestore = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: PlanRestoreInput, { host }) => {
    const plan = await makeRestorePlan(dependencies, input);
    const waits = plan.kind === 'restore' && input.request.confirm === null;
    if (waits) await holdWhileItWaits(plan, dependencies, host);
    return plan;
  });

/** What is approved at the last moment is still planned again. */
const A_WHILE_MS = 300_000;

const holdWhileItWaits = (
  { deployment, backup, run, approveWithinMs }: RestorePlan,
  { temporal }: Dependencies,
  { state, effect }: Host,
): Promise<void> => {
  const until = new Date(Date.now() + approveWithinMs + A_WHILE_MS);
  return holdBackup(state, { deployment, backup, holder: { ...run, ...temporal }, until }, effect);
};

export const makeRestorePlan = async (
  dependencies: Dependencies,
  { request, run, operation }: PlanRestoreInput,
): Promise<RestorePlan> => {
  const config = await dependencies.loadConfig();
  const configured = await locateTrees(deploymentOf(config, request.deployment));
  const deployment = request.recovery ? await withoutApplication(configured) : configured;
  const inTheWay = await readRecord(dependencies.state, request.deployment);
  if (inTheWay !== null && !givesWay(inTheWay, dependencies.temporal)) throw busy(inTheWay);
  const applicationName = `holdfast:${dependencies.instance}:plan`;
  const { basis, ...source } =
    request.backup === 'previous'
      ? await planFromKept(dependencies, { request, deployment })
      : await planFromBackup({
          ...{ request, config, deployment, applicationName },
          instance: dependencies.instance,
        });
  // Where files are put beside and nothing is replaced, the application is left alone.
  const around = replacesNothing(source) ? { ...deployment, ...NOTHING_AROUND } : deployment;
  const services = await unitsOf(around.services);
  await requireHooks(around.hooks, ['afterRestore']);
  const trees = deployment.trees.filter(({ name }) => source.trees.includes(name) && !isAside(source, name));
  for (const tree of trees) await treeWay(tree, services);
  return {
    ...source,
    lines: [...source.lines, ...aroundLines(around, services, request), ...wayLines(inTheWay)],
    services: services.map(({ label }) => label),
    leaveStopped: request.leaveStopped,
    hooks: around.hooks.afterRestore.length > 0,
    checks: around.health.checks.length > 0,
    forwardWithinMs: deployment.forwardWithinMs,
    healthyWithinMs: deployment.health.withinMs,
    deployment: deployment.name,
    operation: operation ?? randomBytes(5).toString('hex'),
    instance: dependencies.instance,
    run,
    configuration: deployment.digest,
    approveWithinMs: deployment.approveWithinMs,
    digest: createHash('sha256')
      .update(JSON.stringify([deployment.digest, basis, request.leaveStopped]))
      .digest('hex'),
  };
};

const wayLines = (inTheWay: OperationRecord | null): string[] =>
  inTheWay === null
    ? []
    : [`the scheduled backup ${inTheWay.backup}, which is being made, is cancelled when it is approved`];

/** Said before anybody is asked; taking the operation is what decides. */
export const requireFree = async (
  dependencies: Pick<Dependencies, 'state'>,
  deployment: string,
): Promise<void> => {
  const record = await readRecord(dependencies.state, deployment);
  if (record !== null) throw busy(record);
};
