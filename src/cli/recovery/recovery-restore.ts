// The restore of a recovery: an ordinary one, into a place where nothing is yet.
import type { Config } from '../../config/config.js';
import { asFailure, type Failure } from '../../domain/failure.js';
import type { RestoreResult } from '../../domain/progress.js';
import { workflowId } from '../../domain/queues.js';
import { parseRestoreRequest, type RestoreRequest } from '../../domain/requests.js';
import { approveOrCancel } from '../approve-or-cancel.js';
import { followDeciding } from '../decide.js';
import { follow } from '../follow.js';
import type { Output } from '../output.js';
import { type Run, runOf, type Session, withSession } from '../session.js';
import { startRestore } from '../start-run.js';
import { waitsForApproval } from '../waiting.js';

export interface RecoveryRestore {
  deployment: string;
  backup: string;
  repository: string;
  allowUnsigned: boolean;
  /** Approved by the command line already. */
  yes: boolean;
}

export const restoreForRecovery = (
  config: Config,
  { yes, ...wanted }: RecoveryRestore,
  output: Output,
): Promise<RestoreResult> => {
  const request = parseRestoreRequest({ ...wanted, leaveStopped: true, recovery: true });
  return withSession(config, output, async (session) => {
    const started = await startOrJoin(session, request);
    const planned = await follow(started, output, { until: waitsForApproval });
    if (planned.end === 'result') return planned.result as RestoreResult;
    const confirm = yes ? request.deployment : undefined;
    await approveOrCancel(session, started, { view: planned.view, request, confirm });
    return (await followDeciding(started, output, planned.view)) as RestoreResult;
  });
};

/** What an interrupted recovery had started goes on by itself, and is followed. */
const startOrJoin = async (session: Session, request: RestoreRequest): Promise<Run> => {
  try {
    return await startRestore(session, request);
  } catch (error) {
    const run = runOf(session, workflowId(request.deployment, 'restore'));
    if (!isBusy(asFailure(error)) || !(await isOf(run, request.backup))) throw error;
    session.output.say('an earlier recovery of it is still under way: following it');
    return run;
  }
};

const isBusy = ({ code }: Failure): boolean => code === 'BUSY';

const isOf = async ({ handle }: Run, backup: string): Promise<boolean> => {
  const { progressQuery } = await import('../../domain/progress.js');
  const shown = await handle.query<{ backup?: string }>(progressQuery).catch(() => null);
  return shown?.backup === backup;
};
