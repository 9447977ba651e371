// A whole backup by the real activities, called one after the other without a Temporal server.
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import { loadConfig } from '../../src/config/load.js';
import { runEffect } from '../../src/domain/effect.js';
import { type BackupPlan, snapshotSignal } from '../../src/domain/plans.js';
import { createFence } from '../../src/operations/agent/fence.js';
import { instanceId } from '../../src/operations/agent/instance.js';
import { createSlots } from '../../src/operations/agent/slots.js';
import { createTurns } from '../../src/operations/agent/turns.js';
import { createStateFolder } from '../../src/operations/state-folder.js';

/** What an agent with this holdfast.yaml gives its activities; there is no Temporal, so every run is over. */
export const dependenciesOf = async (file: string): Promise<Dependencies> => {
  const { state } = await loadConfig({ file });
  await createStateFolder(state);
  return {
    state,
    instance: await instanceId(state),
    effect: runEffect,
    fence: createFence(),
    backupSlots: createSlots(2),
    copyTurns: createTurns(),
    loadConfig: () => loadConfig({ file }),
    temporal: { temporal: 'none', namespace: 'none' },
    runState: async () => 'closed',
  };
};

/** All that an activity wants of it is to signal its run. */
const clientOf = (onSignal: (name: string) => void) =>
  ({
    withAbortSignal: <R>(_signal: AbortSignal, act: () => Promise<R>) => act(),
    workflow: { getHandle: () => ({ signal: async (name: string) => onSignal(name) }) },
  }) as unknown as Client;

const SILENT = new DefaultLogger('ERROR');

/** The run that all activities by hand belong to. */
const BY_HAND = { workflowId: 'by-hand', runId: 'by-hand' };

/** Runs an activity as a worker would. */
export const asActivity = <I, O>(
  activity: (input: I) => Promise<O>,
  input: I,
  onSignal: (name: string) => void = () => undefined,
): Promise<O> => {
  const options = { client: clientOf(onSignal), logger: SILENT };
  return new MockActivityEnvironment({ workflowExecution: BY_HAND }, options).run(activity, input);
};

/** A backup that has the operation and has stored nothing yet. */
export const beginBackup = async (
  dependencies: Dependencies,
  deployment: string,
  more: Partial<BackupPlan> = {},
): Promise<BackupPlan> => {
  const quick = quickActivities(dependencies);
  const request = { deployment, type: 'full' as const, tier: 'manual', takeOver: false, drill: false };
  const run = { workflowId: 'by-hand', firstRunId: 'by-hand' };
  const plan = { ...(await asActivity(quick.planBackup, { request, run })), ...more };
  await asActivity(quick.beginBackup, plan);
  return plan;
};

export const backUp = async (dependencies: Dependencies, deployment: string): Promise<BackupPlan> => {
  const quick = quickActivities(dependencies);
  const transfer = transferActivities(dependencies);
  const plan = await beginBackup(dependencies, deployment);
  let begin = (): void => undefined;
  const snapshot = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const dumping = asActivity(transfer.dumpDatabases, { plan }, (name) => {
    if (name === snapshotSignal) begin();
  });
  // As the workflow does: the files are read beside the dump, from the moment of its snapshot on.
  await Promise.race([snapshot, dumping]);
  const [{ part, requestedAt, takenAt }, files] = await Promise.all([
    dumping,
    asActivity(transfer.archiveFiles, { plan }),
  ]);
  const parts = [part, files.part];
  await asActivity(transfer.checksumArtifacts, { plan, parts });
  await asActivity(quick.commitBackup, { plan, parts, snapshot: { requestedAt, takenAt }, quiet: null });
  await asActivity(quick.releaseBackup, { plan });
  return plan;
};
