// A backup's beginning: it is planned, and takes the operation. One that a schedule started waits until it is its turn.
import type { Expectation } from '../domain/expectation.js';
import type { BackupPlan } from '../domain/plans.js';
import type { BackupRequest } from '../domain/requests.js';
import { type Patience, quick } from './activities.js';
import type { ShownProgress } from './progress.js';
import type { RollBack } from './roll-back.js';
import { thisRun } from './run.js';
import { isBusy, onItsTurn } from './scheduled.js';

export interface Beginning {
  progress: ShownProgress;
  rollBack: RollBack;
  patience: Patience;
  /** null: somebody started it. */
  expected: Expectation | null;
  /** The moment of the schedule that started it. */
  scheduledFor: string | null;
}

export const beginBackup = (
  request: BackupRequest,
  { progress, rollBack, patience, expected, scheduledFor }: Beginning,
): Promise<BackupPlan> => {
  const planning = progress.repeated('plan');
  const beginning = progress.repeated('begin');
  const asScheduled = scheduledFor === null ? {} : { scheduledFor };
  const until = expected === null ? {} : { until: Date.parse(expected.giveUpAt) };
  const inTime = { ...patience, ...until };
  return onItsTurn(progress, expected, async () => {
    const planned = await planning(
      (name) => quick(name, inTime).planBackup({ request, run: thisRun(), ...asScheduled }),
      ({ databases, trees }) => [...databases, ...trees].join(', '),
    );
    const plan = expected === null ? planned : { ...planned, giveUpAt: expected.giveUpAt };
    progress.show({ backup: plan.backup, phase: 'working' });
    await beginning((name) => quick(name, inTime).beginBackup(plan)).catch(async (error: unknown) => {
      // Whoever waits for its turn has taken nothing yet.
      throw expected !== null && isBusy(error) ? error : await rollBack({ plan, error });
    });
    return plan;
  });
};
