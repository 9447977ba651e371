// Finishes or undoes an interrupted operation from its record. Where history and record disagree, the record and the
// world decide.
import { asFailure } from '../domain/failure.js';
import { treeSwapState } from '../files/tree-swap.js';
import { afterRestore } from './after-restore.js';
import { endPredecessors } from './agent/predecessors.js';
import { type Host, recordedTargets } from './context.js';
import { finish } from './finish.js';
import type { OperationRecord } from './record.js';
import { leave, rollBack } from './roll-back.js';
import { putServicesBack } from './services.js';
import { allReplaced } from './swap/in-place.js';
import { isCommitted, swapForward } from './swap/swap-forward.js';

/** Gives one line: what was found and done. Safe to repeat. */
export const settle = async (
  record: OperationRecord,
  host: Host,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> => {
  if (record.kind === 'sweep') return sweepAgain(record, host);
  if (record.kind === 'backup' || record.direction === 'back' || !(await goesForward(record, host)))
    return rollBack(record, host, signal);
  if (record.swap !== null) await swapForward(record, record.swap, host);
  const failed = await hooksFailed(record, host, signal);
  if (failed !== '') return `${failed}; ${await rollBack(record, host, signal)}`;
  const services = record.leaveStopped ? null : await putServicesBack(record, host);
  await finish(record, host);
  const running = services === null ? '' : '; its services are started, their health was not checked';
  return `the restore of ${record.backup} had replaced the data and is finished${running}`;
};

/** The commands between swap and start, unless they have run. Why one of them failed; empty: none did. */
const hooksFailed = async (record: OperationRecord, host: Host, signal: AbortSignal): Promise<string> => {
  try {
    await afterRestore(record, host, signal);
    return '';
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code === 'HOOK_FAILED') return failure.message;
    throw error;
  }
};

/** What is kept still stands in its own file: the next sweep drops the rest of it. */
const sweepAgain = async (record: OperationRecord, host: Host): Promise<string> => {
  await leave(record, host);
  return 'a sweep was interrupted and starts again';
};

/** Past the commit point, or so far that every staged folder is live already. */
const goesForward = async (record: OperationRecord, host: Host): Promise<boolean> => {
  const { swap, inPlace } = record;
  if (swap === null && inPlace === null) return false;
  const [server] = await recordedTargets(record);
  if (inPlace !== null) {
    // A pg_restore that was killed may still be committing.
    await endPredecessors(record, server, host);
    return allReplaced(record, inPlace, host);
  }
  if (swap === null) return false;
  if (
    server !== undefined &&
    swap.databases.length > 0 &&
    (await isCommitted({ server, record, swap, host }))
  ) {
    return true;
  }
  const trees = await Promise.all(swap.trees.map(treeSwapState));
  // Where nothing is replaced, what was staged is only put beside.
  const beside = swap.databases.length === 0 && (record.aside ?? []).length > 0;
  return (trees.length > 0 || beside) && trees.every((state) => state === 'new');
};
