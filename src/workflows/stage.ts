// Brings the backup here and restores it beside the live data: databases and files do not wait for each other. In
// place nothing is staged.
import type { FetchResult } from '../activities/restore/fetch-artifacts.js';
import type { RestorePlan, StagingPlan } from '../domain/plans.js';
import { type Patience, transfer } from './activities.js';
import { amount } from './details.js';
import type { ShownProgress } from './progress.js';
import { together } from './together.js';

export interface Staged {
  /** What did not come from the repository that was planned, and why. */
  elsewhere: string[];
  /** As many as the manifest counts. */
  rows: number;
  files: number;
}

export const stage = async (
  plan: StagingPlan & Partial<Pick<RestorePlan, 'mode'>>,
  { step }: ShownProgress,
  patience: Patience,
): Promise<Staged> => {
  const { elsewhere = [] }: Partial<FetchResult> = await step(
    'fetch',
    (name) => transfer(name, patience).fetchArtifacts({ plan }),
    (found) => [`${amount(found)}, as stored`, ...(found.elsewhere ?? [])].join('; '),
  );
  if (plan.mode === 'in-place') return { elsewhere, rows: 0, files: 0 };
  const databases = async () => {
    if (plan.databases.length === 0) return 0;
    const { rows } = await step(
      'stage databases',
      (name) => transfer(name, patience).stageDatabases({ plan }),
      (staged) => `${staged.rows} rows, as in the backup`,
    );
    return rows;
  };
  const trees = async () => {
    if (plan.trees.length === 0) return 0;
    const { files } = await step(
      'stage files',
      (name) => transfer(name, patience).stageTrees({ plan }),
      (staged) => `${staged.files} files, as in the backup`,
    );
    return files;
  };
  const [rows, files] = await together(databases, trees);
  return { elsewhere, rows, files };
};
