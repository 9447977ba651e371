// Whether the run that holds an operation is still open, as far as this agent's Temporal knows.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Holder } from '../operations/record.js';
import type { RunState } from '../operations/settle-all.js';

export interface Home {
  temporal: string;
  namespace: string;
}

/** `unknown` when Temporal does not answer, or when the run belongs to another one than this agent's. */
export const runStateOf =
  (client: Client, home: Home) =>
  async (holder: Holder): Promise<RunState> => {
    if (holder.temporal !== home.temporal || holder.namespace !== home.namespace) return 'unknown';
    try {
      const { status, raw } = await client.workflow.getHandle(holder.workflowId).describe();
      const first = raw.workflowExecutionInfo?.firstRunId;
      return status.name === 'RUNNING' && first === holder.firstRunId ? 'open' : 'closed';
    } catch (error) {
      // Terminated and forgotten, or lost with Temporal's database.
      return error instanceof WorkflowNotFoundError ? 'closed' : 'unknown';
    }
  };
