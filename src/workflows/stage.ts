// Brings the backup here and restores it beside the live data: databases and files do not wait for each other. In
// place nothing is staged.
import type { RestorePlan } from '../domain/plans.js';
import { transfer, WATCHED } from './activities.js';
import { amount } from './details.js';
import type { ShownProgress } from './progress.js';
import { together } from './together.js';

export const stage = async (plan: RestorePlan, { step }: ShownProgress): Promise<void> => {
  await step(
    'fetch',
    (name) => transfer(name, WATCHED).fetchArtifacts({ plan }),
    (found) => `${amount(found)}, as stored`,
  );
  if (plan.mode === 'in-place') return;
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
};
