// The moment between plan and restore: somebody approves what was shown, or the run is cancelled.
import type { RestoreRequest } from '../domain/requests.js';
import { askApproval, sendApproval, showPlan } from './approval.js';
import { cancelRun } from './follow.js';
import { listenForInterrupts } from './interrupts.js';
import type { RunView } from './run-view.js';
import type { Run, Session } from './session.js';

interface Planned {
  view: RunView;
  request: RestoreRequest;
  confirm: string | undefined;
}

export const approveOrCancel = async (
  session: Session,
  started: Run,
  { view: { progress }, request, confirm }: Planned,
): Promise<void> => {
  if (progress === null) return;
  showPlan(progress, session.output);
  // Nobody follows it just now: without this Ctrl-C would leave a run behind that waits.
  const interrupts = listenForInterrupts(() => cancelRun(started, session.output));
  try {
    if (confirm === undefined) await askApproval(request.deployment, session.output);
    await sendApproval(started, progress, progress.confirm);
  } catch (thrown) {
    await cancelAndWait(session, started);
    throw thrown;
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
