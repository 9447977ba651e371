// Settles an operation once nothing else acts for it, unless another one has taken its place meanwhile.

import { exclusively } from './agent/exclusively.js';
import type { Host } from './context.js';
import { type OperationRecord, readRecord } from './record.js';
import { settle } from './settle.js';

/** Gives one line, empty when it has come to its end by itself. */
export const settleAlone = (
  { id, deployment }: Pick<OperationRecord, 'id' | 'deployment'>,
  host: Host,
  signal: AbortSignal,
): Promise<string> =>
  exclusively(host, { operation: id, signal }, async (alone, until) => {
    const record = await readRecord(alone.state, deployment);
    return record?.id === id ? settle(record, alone, until) : '';
  });
