// Settles one deployment's interrupted operation on request; the agent does the same by itself every minute.
import { Failure } from '../domain/failure.js';
import type { SettleRequest } from '../domain/requests.js';
import { type Holder, readRecord } from '../operations/record.js';
import type { RunState } from '../operations/settle-all.js';
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

const requireOver = (
  deployment: string,
  { workflowId, temporal, namespace }: Holder,
  state: RunState,
): void => {
  if (state === 'closed') return;
  const operation = `the operation on ${deployment} belongs to ${workflowId}`;
  if (state === 'open')
    throw new Failure('BUSY', `${operation}, which still runs`, {
      hint: `follow it: holdfast watch ${workflowId}; cancelling it undoes what it has begun`,
    });
  throw new Failure('BUSY', `${operation}, and Temporal does not say whether it still runs`, {
    hint: `it runs, or ran, at ${temporal} in namespace ${namespace}: start an agent that is connected to it`,
  });
};
