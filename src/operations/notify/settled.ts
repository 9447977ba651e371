// An operation whose run is over was settled: whoever waits for that run hears how.
import type { Happening, ToldRun } from '../../domain/events.js';
import type { OperationRecord } from '../record.js';
import { endId, readOpenRuns } from './open-runs.js';

/** null: it belongs to no run. @param outcome one line: what was found and done */
export const settledHappening = async (
  record: OperationRecord,
  { state, outcome, now }: { state: string; outcome: string; now: Date },
): Promise<Happening | null> => {
  const what = RUNS[record.kind];
  if (record.holder === null || what === null) return null;
  const { workflowId, firstRunId } = record.holder;
  const open = (await readOpenRuns(state)).find(({ holder }) => holder.firstRunId === firstRunId);
  const kind = endOf(record.kind, outcome);
  return {
    id: endId(firstRunId),
    kind,
    ...{ deployment: record.deployment, what, tier: open?.tier ?? '' },
    run: { workflowId, runId: firstRunId },
    at: now.toISOString(),
    cause: `the run was interrupted; ${outcome}`,
    hint: kind === 'failed' ? 'start it again if it is still wanted' : '',
    log: '',
  };
};

/** What was past its commit point stays. */
const endOf = (kind: OperationRecord['kind'], outcome: string): Happening['kind'] => {
  if (kind === 'backup') return outcome.endsWith(' is complete') ? 'succeeded' : 'failed';
  return outcome.includes(' is finished') ? 'restore-ended' : 'failed';
};

const RUNS: Record<OperationRecord['kind'], ToldRun | null> = {
  backup: 'backup',
  restore: 'restore',
  undo: 'restore',
  drill: 'drill',
  sweep: null,
};
