// Brings the backup here and restores it beside the live data: databases and files do not wait for each other. In
// place nothing is staged.
import type { FetchResult } from '../activities/fetch-artifacts.js';
import type { RestorePlan } from '../domain/plans.js';
import { transfer, WATCHED } from './activities.js';
import { amount } from './details.js';
import type { ShownProgress } from './progress.js';
import { together } from './together.js';

/** Gives what did not come from the repository that was planned, and why. */
export const stage = async (plan: RestorePlan, { step }: ShownProgress): Promise<string[]> => {
  const { elsewhere = [] }: Partial<FetchResult> = await step(
    'fetch',
    (name) => transfer(name, WATCHED).fetchArtifacts({ plan }),
    (found) => [`${amount(found)}, as stored`, ...(found.elsewhere ?? [])].join('; '),
  );
  if (plan.mode === 'in-place') return elsewhere;
  const databases = async () => {
    if (plan.databases.length === 0) return;
    await step(
      'stage databases',
      (name) => transfer(name, WATCHED).stageDatabases({ plan }),
      ({ rows }) => `${rows} rows, as in the backup`,
    );
  };
  const trees = async () => {
    if (plan.trees.length === 0) return;
    await step(
      'stage files',
      (name) => transfer(name, WATCHED).stageTrees({ plan }),
      ({ files }) => `${files} files, as in the backup`,
    );
  };
  await together(databases, trees);
  return elsewhere;
};
