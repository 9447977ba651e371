// The deployments that a run is about: the one that was asked for, or all that are configured.
import { type Patience, quick, WATCHED } from './activities.js';
import type { ShownProgress } from './progress.js';

export const deploymentsOf = async (
  { deployment }: { deployment: string | null },
  { step }: ShownProgress,
  patience: Patience = WATCHED,
): Promise<string[]> =>
  deployment === null
    ? step(
        'deployments',
        (name) => quick(name, patience).listDeployments({ deployment: null }),
        (names) => names.join(', '),
      )
    : [deployment];
