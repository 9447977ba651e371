// A restore and a scheduled backup that is at work: the backup is cancelled, and says for whom.
import { defineSignal, patched, setHandler } from '@temporalio/workflow';
import type { RestorePlan } from '../domain/plans.js';
import { type GivenWay, giveWaySignal } from '../domain/progress.js';
import { quick, WATCHED } from './activities.js';
import type { ShownProgress } from './progress.js';
import { isBusy } from './scheduled.js';

/** Another one may have waited for its turn meanwhile. */
const ATTEMPTS = 3;

/** Begins the restore, once nothing that gives way is in its way any more. */
export const makingWay = async (
  plan: RestorePlan,
  progress: ShownProgress,
  begin: () => Promise<void>,
): Promise<void> => {
  const way = progress.repeated('make way');
  for (let left = ATTEMPTS; ; left--) {
    try {
      return await begin();
    } catch (error) {
      if (!isBusy(error) || left === 0 || !patched('make way')) throw error;
      await way(
        (name) => quick(name, WATCHED).makeWay({ plan }),
        // Cancelled in its last steps, it is complete: what became of its data is not said here.
        ({ backup }) =>
          backup === ''
            ? 'what was in the way has ended'
            : `the scheduled backup ${backup} is cancelled and has cleaned up`,
      );
    }
  }
};

/** To be called when a backup begins: whoever looks at its run reads why it was cancelled. */
export const listenForWay = ({ addStep }: ShownProgress): void =>
  setHandler(
    defineSignal<[GivenWay | undefined]>(giveWaySignal),
    (given) => {
      const to = typeof given?.to === 'string' ? given.to : 'a restore';
      addStep('make way')('done', `cancelled for ${to}; the schedule’s next moment makes the next backup`);
    },
    { description: 'Sent by the agent before it cancels a scheduled backup for a restore' },
  );
