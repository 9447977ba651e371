// What the agent does at its start and every minute: operations whose run is over are settled, old kept data is swept.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asFailure } from '../domain/failure.js';
import type { Host } from './context.js';
import { exclusively } from './exclusively.js';
import { type Holder, listRecords, type OperationRecord } from './record.js';
import { settle } from './settle.js';
import { sweepKept } from './sweep.js';

/** `unknown`: Temporal could not be asked. A run that it does not know is closed. */
export type RunState = 'open' | 'closed' | 'unknown';

export interface SettleOptions {
  runState: (holder: Holder) => Promise<RunState>;
  say: (line: string) => void;
  now: () => Date;
}

export const settleAll = async (host: Host, options: SettleOptions): Promise<void> => {
  for (const record of await listRecords(host.state)) {
    if (await isOver(record, options))
      await reported(record.deployment, options, () => settleNow(record, host));
  }
  const deployments = await readdir(join(host.state, 'kept')).catch(() => []);
  for (const deployment of deployments) {
    await reported(deployment, options, async () =>
      (await sweepKept(deployment, host, options.now())).join('; '),
    );
  }
};

const settleNow = (record: OperationRecord, host: Host): Promise<string> =>
  exclusively(host, { operation: record.id, signal: new AbortController().signal }, (alone) =>
    settle(record, alone),
  );

const isOver = async (record: OperationRecord, { runState }: SettleOptions): Promise<boolean> =>
  record.holder === null || (await runState(record.holder)) === 'closed';

const reported = async (
  deployment: string,
  { say }: SettleOptions,
  act: () => Promise<string>,
): Promise<void> => {
  try {
    const line = await act();
    if (line !== '') say(`${deployment}: ${line}`);
  } catch (error) {
    say(`${deployment}: not settled, tried again in a minute: ${asFailure(error).message}`);
  }
};
