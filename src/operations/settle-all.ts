// What the agent does at its start and every minute: operations whose run is over are settled, old kept data is swept, and
// what the log has not told its repositories yet is told.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logsFolder } from '../catalog/log-place.js';
import { asFailure } from '../domain/failure.js';
import type { Host } from './context.js';
import { endOldHolds } from './holds.js';
import { pushNow } from './log/log.js';
import { forgetOpenRun } from './notify/open-runs.js';
import { settledHappening } from './notify/settled.js';
import { type Holder, listOperations, type OperationRecord, type RunState, readRecord } from './record.js';
import { settleAlone } from './settle-alone.js';
import { dropLeft, listLeft } from './swap/left-on-server.js';
import { sweepKept } from './sweep.js';

export interface SettleOptions {
  runState: (holder: Holder) => Promise<RunState>;
  say: (line: string) => void;
  now: () => Date;
}

/** What is wrong with one deployment keeps none of the others waiting. */
export const settleAll = async (host: Host, options: SettleOptions): Promise<void> => {
  for (const deployment of await listOperations(host.state)) {
    await reported(deployment, options, () => settleIfOver(deployment, host, options));
  }
  for (const deployment of await readdir(join(host.state, 'holds')).catch(() => [])) {
    await reported(deployment, options, async () => {
      await endOldHolds(deployment, host, options);
      return '';
    });
  }
  for (const name of await listLeft(host.state)) await reported('drill', options, () => dropLeft(name, host));
  const deployments = await readdir(join(host.state, 'kept')).catch(() => []);
  for (const deployment of deployments) {
    await reported(deployment, options, async () =>
      (await sweepKept(deployment, host, options.now())).join('; '),
    );
  }
  for (const deployment of await readdir(logsFolder(host.state)).catch(() => [])) {
    // Where no repository answers, the outbox keeps it: nothing to be said every minute.
    await pushNow(host, deployment).catch(() => undefined);
  }
};

const settleIfOver = async (
  deployment: string,
  host: Host,
  { runState, now }: SettleOptions,
): Promise<string> => {
  const record = await readRecord(host.state, deployment);
  if (record === null || !(await isOver(record, runState))) return '';
  const outcome = await settleAlone(record, host, new AbortController().signal);
  if (outcome !== '') await tellSettled(record, host, { outcome, now: now() });
  return outcome;
};

const tellSettled = async (
  record: OperationRecord,
  { state, tell }: Host,
  { outcome, now }: { outcome: string; now: Date },
): Promise<void> => {
  const happening = await settledHappening(record, { state, outcome, now });
  if (happening?.run == null || tell === undefined) return;
  await tell(happening);
  // Told again later, it would look like a failure after whatever succeeded meanwhile.
  await forgetOpenRun(state, happening.run.runId);
};

/** The agent's own operations have no run: they are over as soon as nothing in this process works on them. */
const isOver = async ({ holder }: OperationRecord, runState: SettleOptions['runState']): Promise<boolean> =>
  holder === null || (await runState(holder)) === 'closed';

const reported = async (
  deployment: string,
  { say }: SettleOptions,
  act: () => Promise<string>,
): Promise<void> => {
  try {
    const line = await act();
    if (line !== '') say(`${deployment}: ${line}`);
  } catch (error) {
    const { message, hint } = asFailure(error);
    say(`${deployment}: not settled, tried again in a minute: ${message} (${hint})`);
  }
};
