// Settles one deployment's interrupted operation on request; the agent does the same by itself every minute.
import { Failure } from '../domain/failure.js';
import type { SettleRequest } from '../domain/requests.js';
import type { RunState } from '../operations/record.js';
import { type Holder, readRecord } from '../operations/record.js';
import { settleAlone } from '../operations/settle-alone.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';

const NOTHING = 'there is nothing to settle';

export const settleOperation = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ deployment }: SettleRequest, { host, signal }): Promise<string> => {
    const record = await readRecord(host.state, deployment);
    if (record === null) return NOTHING;
    if (record.holder !== null)
      requireOver(deployment, record.holder, await dependencies.runState(record.holder));
    return (await settleAlone(record, host, signal)) || NOTHING;
  });

/** A run of a Temporal that this agent is not connected to cannot act here: settling on request goes ahead. */
const requireOver = (deployment: string, { workflowId }: Holder, state: RunState): void => {
  if (state !== 'open') return;
  throw new Failure('BUSY', `the operation on ${deployment} belongs to ${workflowId}, which still runs`, {
    hint: `follow it: holdfast watch ${workflowId}; cancelling it undoes what it has begun`,
  });
};
