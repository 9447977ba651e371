// Files that a restore puts beside what is there, into a folder of their own, and never in its place.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../config/config.js';
import { asideFolderName, sideFolderName } from '../../domain/names.js';
import type { RestorePlan } from '../../domain/plans.js';
import type { OperationRecord } from '../../operations/record.js';

type Aside = NonNullable<RestorePlan['aside']>;

/** Those of `trees` that are put aside, and the folders, named after the backup: the first name that is free. */
export const asideFolders = (
  deployment: Deployment,
  trees: readonly string[],
  backup: string,
): Promise<Aside> =>
  Promise.all(
    deployment.trees
      .filter(({ name, aside }) => aside !== undefined && trees.includes(name))
      .map(async ({ name, path }) => ({ tree: name, path: await freeName(path, backup) })),
  );

export const isAside = (plan: Pick<RestorePlan, 'aside'>, tree: string): boolean =>
  (plan.aside ?? []).some((one) => one.tree === tree);

/** Nothing of the live data is replaced: nobody needs to stop for it. */
export const replacesNothing = (plan: Pick<RestorePlan, 'databases' | 'trees' | 'aside'>): boolean =>
  plan.databases.length === 0 && plan.trees.every((tree) => isAside(plan, tree));

/** As the record has them: from the folder that they are staged in. */
export const recordedAside = (
  { operation, aside = [] }: RestorePlan,
  { trees }: Deployment,
): NonNullable<OperationRecord['aside']> =>
  aside.map(({ tree, path: to }) => {
    const { path = '' } = trees.find(({ name }) => name === tree) ?? {};
    return { tree, from: join(path, sideFolderName(operation, tree, 'new')), to };
  });

const freeName = async (path: string, backup: string, index = 0): Promise<string> => {
  const folder = join(path, asideFolderName(backup, index));
  const taken = await lstat(folder).then(
    () => true,
    () => false,
  );
  return taken ? freeName(path, backup, index + 1) : folder;
};
