// What is tried again by itself: by the schedules, as they are configured.
import type { Happening } from '../../domain/events.js';
import type { Routine } from '../../domain/tiers.js';

/** None: nobody tries it again but a person. */
export const schedulesOf = (
  { what, tier }: Pick<Happening, 'what' | 'tier'>,
  routine: Routine | undefined,
): string[] => {
  if (routine === undefined) return [];
  const tiers = routine.tiers.filter(({ from }) => from === null);
  const found = {
    backup: tiers.filter(({ name }) => name === tier).map(({ schedule }) => schedule),
    drill: [routine.drill.timed?.schedule],
    verify: [routine.verify?.schedule],
    // Whatever they have left undone, those after the next backup do.
    copy: tiers.map(({ schedule }) => schedule),
    prune: tiers.map(({ schedule }) => schedule),
    restore: [],
  }[what];
  return found.flatMap((schedule) => schedule ?? []);
};
