// The first error of a step that is tried again: the activity tells it at once, since a workflow hears of no attempt but the last.
import { defineSignal, setHandler } from '@temporalio/workflow';
import { type StepProgress, type StepTrouble, troubleSignal } from '../domain/progress.js';

/** @param set gives the steps as they are shown from then on */
export const listenForTroubles = (
  steps: () => readonly StepProgress[],
  set: (steps: StepProgress[]) => void,
): void =>
  setHandler(
    defineSignal<[StepTrouble | undefined]>(troubleSignal),
    (trouble) => {
      const now = steps();
      const index = stepOf(now, String(trouble?.activity));
      const step = now[index];
      if (step === undefined || typeof trouble?.message !== 'string') return;
      set(now.with(index, { ...step, detail: `${trouble.message}; it is tried again` }));
    },
    { description: 'Sent by the agent: the first error of a step that is tried again' },
  );

/** `dumpDatabases` is the step `dump databases` where two are at work; else whatever is at work. */
const stepOf = (steps: readonly StepProgress[], activity: string): number => {
  const named = activity.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const exact = steps.findLastIndex(({ name, state }) => state === 'running' && name === named);
  return exact === -1 ? steps.findLastIndex(({ state }) => state === 'running') : exact;
};
