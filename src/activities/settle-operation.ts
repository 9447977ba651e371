// Settles one deployment's interrupted operation on request; the agent does the same by itself every minute.
import { Failure } from '../domain/failure.js';
import type { SettleRequest } from '../domain/requests.js';
import { exclusively } from '../operations/exclusively.js';
import { type Holder, readRecord } from '../operations/record.js';
import { settle } from '../operations/settle.js';
import type { RunState } from '../operations/settle-all.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';

export const settleOperation = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ deployment }: SettleRequest, { host, signal }): Promise<string> => {
    const record = await readRecord(host.state, deployment);
    if (record === null) return 'there is nothing to settle';
    await requireOver(deployment, record.holder, dependencies.runState);
    return exclusively(host, { operation: record.id, signal }, (alone) => settle(record, alone));
  });

const requireOver = async (
  deployment: string,
  holder: Holder | null,
  runState: (holder: Holder) => Promise<RunState>,
) => {
  if (holder === null || (await runState(holder)) === 'closed') return;
  throw new Failure(
    'BUSY',
    `the operation on ${deployment} belongs to ${holder.workflowId}, which still runs`,
    {
      hint: `follow it: holdfast watch ${holder.workflowId}; cancelling it undoes what it has begun`,
    },
  );
};
