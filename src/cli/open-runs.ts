// The holdfast runs that are open now.
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Config } from '../config/config.js';
import type { RunKind } from '../domain/progress.js';
import { workflowId } from '../domain/queues.js';
import { runFailure } from './workflow-failure.js';

export interface OpenRun {
  run: string;
  kind: RunKind;
  startedAt: string;
}

const KINDS: RunKind[] = ['backup', 'copy', 'restore', 'drill', 'settle', 'doctor', 'verify', 'prune'];

export const isRunKind = (text: string): text is RunKind => KINDS.some((kind) => kind === text);

/** The server's list lags behind by a moment, so the ids that runs of our deployments have are asked for as well. */
export const openRuns = async (client: Client, config: Config): Promise<OpenRun[]> => {
  try {
    const found = [...(await listed(client)), ...(await known(client, config))];
    const byId = new Map(found.filter(isOpen).map((info) => [info.workflowId, openRun(info)]));
    return [...byId.values()].flatMap((run) => run ?? []);
  } catch (thrown) {
    throw runFailure(thrown);
  }
};

const listed = async (client: Client): Promise<WorkflowExecutionInfo[]> => {
  const types = KINDS.map((kind) => `'${kind}'`).join(', ');
  const query = `WorkflowType in (${types}) and ExecutionStatus = 'Running'`;
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query })) found.push(info);
  return found;
};

const known = async (client: Client, config: Config): Promise<Described[]> => {
  const ids = Object.keys(config.deployments).flatMap((name) => KINDS.map((kind) => workflowId(name, kind)));
  return (await Promise.all(ids.map((id) => describe(client, id)))).flat();
};

type Described = Pick<WorkflowExecutionInfo, 'workflowId' | 'type' | 'startTime' | 'status'>;

const describe = async (client: Client, id: string): Promise<Described[]> => {
  try {
    return [await client.workflow.getHandle(id).describe()];
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return [];
    throw thrown;
  }
};

const isOpen = ({ workflowId: id, status }: Described): boolean =>
  id.startsWith('holdfast.') && status.name === 'RUNNING';

const openRun = ({ workflowId: run, type, startTime }: Described): OpenRun | null =>
  isRunKind(type) ? { run, kind: type, startedAt: startTime.toISOString() } : null;
