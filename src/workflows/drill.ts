// Proves that a backup restores: it is restored beside everything, compared with what was backed up, and dropped again. The
// live data is not touched, whatever happens.
import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import { type DrillRequest, type DrillResult, parseDrillRequest } from '../domain/drills.js';
import type { Expectation } from '../domain/expectation.js';
import type { DrillPlan } from '../domain/plans.js';
import { type Patience, quick, transfer } from './activities.js';
import { type Clear, prepareClear } from './clear-drill.js';
import { duration } from './details.js';
import { failingPlainly } from './failing.js';
import { parsed } from './input.js';
import { watchingTheClock } from './lateness.js';
import { type ShownProgress, showProgress } from './progress.js';
import { runningForMs, thisRun } from './run.js';
import { expectation, inTime, isBusy, onItsTurn, scheduledFor, showMoment } from './scheduled.js';
import { stage } from './stage.js';
import { noteUnplanned } from './unplanned-drill.js';

export async function drill(input: unknown): Promise<DrillResult> {
  const request = parsed(parseDrillRequest, input);
  const progress = showProgress('drill', request.deployment);
  const clear = prepareClear(progress);
  return failingPlainly(async () => {
    const { deployment } = request;
    const expected = scheduledFor() === null ? null : await expectation({ deployment, tier: 'drill' });
    showMoment(progress, expected);
    const { plan, proved } = await watchingTheClock(progress, expected, async () => {
      const begun = await begin(request, { progress, clear, expected });
      const { patience } = inTime(expected, 1);
      const made = await carryOut(begun, progress, patience).catch(async (error: unknown) => {
        throw await clear.failed(begun, error);
      });
      return { plan: begun, proved: made };
    });
    await clear.proved(plan, proved);
    progress.show({ phase: 'done' });
    return { ...proved, durationMs: runningForMs() };
  });
}

interface Beginning {
  progress: ShownProgress;
  clear: Clear;
  expected: Expectation | null;
}

const begin = (request: DrillRequest, { progress, clear, expected }: Beginning): Promise<DrillPlan> => {
  const planning = progress.repeated('plan');
  const beginning = progress.repeated('begin');
  const { quickly, input } = inTime(expected, 1);
  return onItsTurn(progress, expected, async () => {
    const planned = await planning((name) =>
      quick(name, quickly).planDrill({ request, run: thisRun() }),
    ).catch(async (error: unknown) => {
      await noteUnplanned(request, error);
      throw error;
    });
    progress.show({ backup: planned.backup, plan: planned.lines, phase: 'working' });
    // They are for people; the steps' inputs stay small without them.
    const plan = { ...planned, ...input, lines: [] };
    await beginning((name) => quick(name, quickly).beginDrill({ plan })).catch(async (error: unknown) => {
      // Whoever waits for its turn has taken nothing yet.
      throw expected !== null && isBusy(error) ? error : await clear.failed(plan, error);
    });
    return plan;
  });
};

const carryOut = async (
  plan: DrillPlan,
  progress: ShownProgress,
  patience: Patience,
): Promise<Omit<DrillResult, 'durationMs'>> => {
  const { deployment, backup, repository, databases, trees, rawBytes, opened } = plan;
  const startedAt = Date.now();
  const { elsewhere, rows, files } = await stage(plan, progress, patience);
  const recoveryMs = Date.now() - startedAt;
  const proof = await progress.step(
    'prove',
    (name) => transfer(name, patience).proveDrill({ plan }),
    ({ objects, assertions, notes }) =>
      [
        `${objects} objects, as in the backup`,
        ...(assertions === 0 ? [] : [held(assertions)]),
        ...notes,
      ].join('; '),
  );
  // A step may succeed although it was cancelled.
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
  progress.addStep('recovery time')('done', duration(recoveryMs));
  const what = { deployment, backup, repository, databases, trees, rawBytes, opened };
  return { ...what, outcome: 'restored', recoveryMs, rows, files, ...proof, elsewhere };
};

const held = (assertions: number): string =>
  assertions === 1 ? '1 assertion holds' : `${assertions} assertions hold`;
