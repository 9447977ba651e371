// Whether the run that holds an operation is still open, as far as this agent's Temporal knows.
import { type Client, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { outcomeOf } from '../domain/run-outcome.js';
import type { RunEnd } from '../operations/notify/open-runs.js';
import type { Holder, RunState } from '../operations/record.js';

export interface Home {
  temporal: string;
  namespace: string;
}

/** `unknown` when Temporal does not answer, or when the run belongs to another one than this agent's. */
export const runStateOf =
  (client: Client, home: Home) =>
  async (holder: Holder): Promise<RunState> => {
    if (!isAtHome(holder, home)) return 'unknown';
    try {
      const { status, raw } = await client.workflow.getHandle(holder.workflowId).describe();
      const first = raw.workflowExecutionInfo?.firstRunId;
      return status.name === 'RUNNING' && first === holder.firstRunId ? 'open' : 'closed';
    } catch (error) {
      // Terminated and forgotten, or lost with Temporal's database.
      return error instanceof WorkflowNotFoundError ? 'closed' : 'unknown';
    }
  };

/** How it ended, for whoever waits to be told. @see runStateOf */
export const runEndOf =
  (client: Client, home: Home) =>
  async (holder: Holder): Promise<RunEnd> => {
    if (!isAtHome(holder, home)) return { state: 'elsewhere' };
    const state = await runStateOf(client, home)(holder);
    if (state !== 'closed') return { state };
    const { workflowId, firstRunId } = holder;
    try {
      const handle = client.workflow.getHandle(workflowId, firstRunId);
      const { status } = await handle.describe();
      if (status.name === 'TERMINATED') return badly('it was terminated');
      const trouble = outcomeOf(await handle.result());
      return trouble === '' ? { state: 'closed', well: true, cause: '' } : badly(trouble);
    } catch (error) {
      // Temporal went away in between: whoever asks again hears how it ended.
      return error instanceof ServiceError ? { state: 'unknown' } : badly(whyFailed(error));
    }
  };

const isAtHome = ({ temporal, namespace }: Holder, home: Home): boolean =>
  temporal === home.temporal && namespace === home.namespace;

const badly = (cause: string): RunEnd => ({ state: 'closed', well: false, cause });

const whyFailed = (error: unknown): string => {
  if (error instanceof WorkflowFailedError)
    return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
  return 'it ended without having said how';
};
