// Starts a run: one of a kind for a deployment, the server sees to that.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CopyRequest, VerifyRequest } from '../domain/copy-requests.js';
import type { DrillRequest } from '../domain/drills.js';
import { Failure } from '../domain/failure.js';
import type { PruneRequest } from '../domain/prune.js';
import { taskQueue, workflowId } from '../domain/queues.js';
import type { BackupRequest, RestoreRequest } from '../domain/requests.js';
import { type Run, runOf, type Session } from './session.js';
import { runFailure } from './workflow-failure.js';

export const startBackup = (session: Session, request: BackupRequest): Promise<Run> =>
  start(session, 'backup', request, `${request.type} backup of ${request.deployment} (${request.tier})`);

export const startRestore = (session: Session, request: RestoreRequest): Promise<Run> =>
  start(session, 'restore', request, `restore of ${request.deployment} from ${request.backup}`);

export const startCopy = (session: Session, request: CopyRequest): Promise<Run> =>
  start(session, 'copy', request, `copies of ${request.deployment}`);

export const startDrill = (session: Session, request: DrillRequest): Promise<Run> =>
  start(session, 'drill', request, `drill of ${request.deployment} from ${request.backup}`);

export const startVerify = (session: Session, request: VerifyRequest): Promise<Run> =>
  start(session, 'verify', request, `verify ${request.deployment ?? 'all deployments'}`);

export const startPrune = (session: Session, request: PruneRequest): Promise<Run> =>
  start(session, 'prune', request, `retention of ${request.deployment ?? 'all deployments'}`);

type Started = 'backup' | 'restore' | 'drill' | 'copy' | 'verify' | 'prune';

const start = async (
  session: Session,
  kind: Started,
  request: BackupRequest | RestoreRequest | DrillRequest | CopyRequest | VerifyRequest | PruneRequest,
  staticSummary: string,
): Promise<Run> => {
  const id = request.deployment === null ? `holdfast.${kind}` : workflowId(request.deployment, kind);
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
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) throw busy(kind, id, request.deployment);
    throw runFailure(thrown);
  }
};

const sayWhere = ({ uiUrl, namespace, output }: Session, id: string, runId: string): void => {
  if (uiUrl === null) return;
  const path = `namespaces/${namespace}/workflows/${encodeURIComponent(id)}/${runId}`;
  output.say(output.paint('dim', `${uiUrl.replace(/\/$/, '')}/${path}`));
};

const busy = (kind: Started, id: string, deployment: string | null): Failure =>
  new Failure('BUSY', `a ${kind} of ${deployment ?? 'all deployments'} is already running`, {
    hint: `holdfast watch ${id}`,
  });
