// Cancels a scheduled backup that is at work and waits until it has cleaned up after itself: nobody in an outage waits for it.
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { Failure } from '../../domain/failure.js';
import type { RestorePlan } from '../../domain/plans.js';
import { type GivenWay, giveWaySignal } from '../../domain/progress.js';
import { givesWay } from '../../operations/gives-way.js';
import { busy, type Holder, type OperationRecord, readRecord } from '../../operations/record.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

/** Services and hooks have their own limits, and what is left then is the agent's to settle, every minute. */
const WAIT_MS = 300_000;
const LOOK_EVERY_MS = 200;

/** Gives the backup that was cancelled; empty: nothing is in the way any more. Failure BUSY where something else is. */
export const makeWay = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ plan }: { plan: RestorePlan }, { host, signal }) => {
    const look = () => readRecord(host.state, plan.deployment);
    const record = await look();
    if (record === null) return { backup: '' };
    if (!givesWay(record, dependencies.temporal)) throw busy(record);
    if (record.holder !== null) await cancel(record.holder, plan.run.workflowId);
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await delay(LOOK_EVERY_MS, null, { signal }))
      if ((await look())?.id !== record.id) return { backup: record.backup };
    throw stillThere(record);
  });

/** Its run says why it ends. One that is over already is settled by the agent. */
const cancel = async ({ workflowId, firstRunId }: Holder, to: string): Promise<void> => {
  const { client } = Context.current();
  const run = client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: firstRunId });
  try {
    await run.signal(giveWaySignal, { to } satisfies GivenWay);
    await run.cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
};

const stillThere = ({ backup, holder }: OperationRecord): Failure =>
  new Failure('BUSY', `the scheduled backup ${backup} was cancelled and has not cleaned up yet`, {
    hint: `see what holds it up: holdfast watch ${holder?.workflowId ?? ''}; then start the restore again`,
  });
