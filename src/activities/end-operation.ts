// The last step of an operation that went well, and the way back of one that did not. Both work from the record.
import type { DrillOutcome } from '../domain/drills.js';
import type { OperationKey } from '../domain/plans.js';
import { exclusively } from '../operations/agent/exclusively.js';
import type { Host } from '../operations/context.js';
import { finish } from '../operations/finish.js';
import { recordOutcome } from '../operations/log/drill-outcome.js';
import { noteBackup } from '../operations/log/note-operation.js';
import { type OperationRecord, readRecord } from '../operations/record.js';
import { leave, rollBack } from '../operations/roll-back.js';
import { readKept } from '../operations/swap/kept.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';

interface EndInput {
  plan: OperationKey;
}

/** The deployment is free again. Done already is fine. */
export const releaseBackup = (dependencies: Dependencies) =>
  lookingActivity(dependencies, ({ plan }: EndInput, { host, signal }) =>
    exclusively(host, { operation: plan.operation, signal }, async (alone): Promise<void> => {
      const record = await ownRecord(plan, alone);
      if (record === null) return;
      await noteBackup(record, alone);
      await leave(record, alone);
    }),
  );

/** Keeps what was replaced and frees the deployment. Gives until when it is kept; empty: nothing was replaced. */
export const keepPrevious = (dependencies: Dependencies) =>
  lookingActivity(dependencies, ({ plan }: EndInput, { host, signal }) =>
    exclusively(host, { operation: plan.operation, signal }, async (alone): Promise<string> => {
      const record = await ownRecord(plan, alone);
      if (record !== null) return finish(record, alone);
      return (await readKept(host.state, plan.deployment, plan.operation))?.until ?? '';
    }),
  );

/** Undoes what the operation has done so far; nothing to undo is fine. Gives one line for people. */
export const rollBackOperation = (dependencies: Dependencies) =>
  lookingActivity(dependencies, ({ plan }: EndInput, { host, signal }) =>
    exclusively(host, { operation: plan.operation, signal }, async (alone, until): Promise<string> => {
      const record = await ownRecord(plan, alone);
      return record === null ? 'nothing was begun' : rollBack(record, alone, until);
    }),
  );

/** Drops all that a drill has made and notes what it came to; done already is fine. Gives one line for people. */
export const clearDrill = (dependencies: Dependencies) =>
  lookingActivity(dependencies, ({ plan, outcome }: EndInput & { outcome: DrillOutcome }, { host, signal }) =>
    exclusively(host, { operation: plan.operation, signal }, async (alone, until): Promise<string> => {
      const record = await ownRecord(plan, alone);
      if (record === null) return 'nothing was begun';
      return rollBack(await recordOutcome(record, outcome, alone), alone, until);
    }),
  );

const ownRecord = async (plan: OperationKey, host: Host): Promise<OperationRecord | null> => {
  const record = await readRecord(host.state, plan.deployment);
  return record?.id === plan.operation ? record : null;
};
