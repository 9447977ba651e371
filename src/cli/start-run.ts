// Starts a backup or a restore: one of a kind for a deployment, the server sees to that.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { Failure } from '../domain/failure.js';
import { taskQueue, workflowId } from '../domain/queues.js';
import type { BackupRequest, RestoreRequest } from '../domain/requests.js';
import { type Run, runOf, type Session } from './session.js';
import { runFailure } from './workflow-failure.js';

export const startBackup = (session: Session, request: BackupRequest): Promise<Run> =>
  start(session, 'backup', request, `${request.type} backup of ${request.deployment} (${request.tier})`);

export const startRestore = (session: Session, request: RestoreRequest): Promise<Run> =>
  start(session, 'restore', request, `restore of ${request.deployment} from ${request.backup}`);

const start = async (
  session: Session,
  kind: 'backup' | 'restore',
  request: BackupRequest | RestoreRequest,
  staticSummary: string,
): Promise<Run> => {
  const id = workflowId(request.deployment, kind);
  try {
    const started = await session.client.workflow.start(kind, {
      workflowId: id,
      taskQueue: taskQueue(session.config.agent),
      args: [request],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary,
    });
    sayWhere(session, id, started.firstExecutionRunId);
    return runOf(session, id, started.firstExecutionRunId);
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) throw busy(kind, request.deployment, id);
    throw runFailure(thrown);
  }
};

const sayWhere = ({ uiUrl, namespace, output }: Session, id: string, runId: string): void => {
  if (uiUrl === null) return;
  const path = `namespaces/${namespace}/workflows/${encodeURIComponent(id)}/${runId}`;
  output.say(output.paint('dim', `${uiUrl.replace(/\/$/, '')}/${path}`));
};

const busy = (kind: string, deployment: string, id: string): Failure =>
  new Failure('BUSY', `a ${kind} of ${deployment} is already running`, { hint: `holdfast watch ${id}` });
