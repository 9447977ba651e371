// Does an agent serve? Asked of Temporal, which knows who polls a task queue.
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

/** A poll lasts a minute: who has not asked again for longer is gone, though Temporal lists it for five. */
const POLL_MS = 70_000;

const WORKFLOW_QUEUE = 1;

/** Somebody polls the queue for workflows. */
export const isPolled = async (client: Client, queue: string): Promise<boolean> => {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: WORKFLOW_QUEUE,
  });
  return (pollers ?? []).some(
    ({ lastAccessTime }) => lastAccessTime != null && Date.now() - tsToMs(lastAccessTime) < POLL_MS,
  );
};

/** How many runs of this agent are open. Temporal counts with a delay of up to a second. */
export const countOpenRuns = async (client: Client, queue: string): Promise<number> => {
  const { count } = await client.workflow.count(`ExecutionStatus = 'Running' AND TaskQueue = '${queue}'`);
  return count;
};
