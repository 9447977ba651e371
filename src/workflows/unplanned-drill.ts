// A drill that cannot even be planned leaves no operation whose end would be noted: the log is told of it here.
import { isCancellation, patched } from '@temporalio/workflow';
import type { DrillRequest } from '../domain/drills.js';
import { telling } from './activities.js';
import { codeOf, reason } from './failing.js';
import { thisRun } from './run.js';
import { isBusy } from './scheduled.js';

/** Whoever was in the way, or called it off, says nothing of the backup. Never rejects. */
export const noteUnplanned = async (request: DrillRequest, error: unknown): Promise<void> => {
  if (isBusy(error) || isCancellation(error) || !patched('unplanned drill noted')) return;
  const why = { reason: reason(error).slice(0, MOST_REASON), code: codeOf(error) || 'UNEXPECTED' };
  const { noteUnplannedDrill } = telling('note that it failed');
  await noteUnplannedDrill({ request, run: thisRun(), ...why }).catch(() => undefined);
};

const MOST_REASON = 500;
