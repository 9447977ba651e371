// The moment between plan and restore: somebody approves what was shown, or the run is cancelled.
import type { RestoreRequest } from '../domain/requests.js';
import { askApproval, sendApproval, showPlan } from './approval.js';
import { cancelRun, noLongerFollowing } from './follow.js';
import { listenForInterrupts } from './interrupts.js';
import type { RunView } from './run-view.js';
import type { Run, Session } from './session.js';

interface Planned {
  view: RunView;
  request: RestoreRequest;
  confirm: string | undefined;
}

/** @throws Failure CANCELLED at the second Ctrl-C, whoever is still to answer */
export const approveOrCancel = async (
  session: Session,
  started: Run,
  { view: { progress }, request, confirm }: Planned,
): Promise<void> => {
  if (progress === null) return;
  showPlan(progress, session.output);
  const approve = async (): Promise<void> => {
    try {
      if (confirm === undefined) await askApproval(request.deployment, session.output);
      await sendApproval(started, progress, progress.confirm);
    } catch (thrown) {
      await cancelAndWait(session, started);
      throw thrown;
    }
  };
  // Nobody follows it just now: without this Ctrl-C would leave a run behind that waits.
  const interrupts = listenForInterrupts(() => cancelRun(started, session.output));
  try {
    const left = await Promise.race([approve(), interrupts.left]);
    if (left !== undefined) throw noLongerFollowing(started.handle.workflowId);
  } finally {
    interrupts.dispose();
  }
};

/** So that the next restore can start at once. Nothing was begun, so it ends as soon as an agent hears of it. */
const cancelAndWait = async ({ client }: Session, { handle }: Run): Promise<void> => {
  const ended = async () => {
    await handle.cancel();
    await handle.result();
  };
  await client.connection.withDeadline(Date.now() + 10_000, ended).catch(() => undefined);
};
