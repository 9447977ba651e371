// STORAGE: every file tree can be read, the repository that backups are stored in can be written.
import { access, constants, stat } from 'node:fs/promises';
import { repositoriesOf } from '../../catalog/catalog.js';
import type { Config, Deployment, TreeSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { asideNames } from '../../files/aside-names.js';
import { locateTree } from '../../operations/locate.js';
import type { Check } from './check.js';
import { checkWriting } from './repositories.js';

export const storageChecks = (config: Config, deployment: Deployment): Check[] => [
  ...deployment.trees.map((tree): Check => ({ area: 'STORAGE', run: () => checkTree(tree) })),
  ...repositoriesOf(config, deployment)
    .slice(0, 1)
    .map(
      (settings): Check => ({
        area: 'STORAGE',
        run: () => checkWriting(settings),
      }),
    ),
];

const checkTree = async (configured: TreeSettings): Promise<string> => {
  const tree = await locateTree(configured);
  const there = await stat(tree.path).catch(() => null);
  if (there === null) throw new Failure('TREE_MISSING', `files ${tree.name}: ${tree.path} is not there`);
  if (!there.isDirectory())
    throw new Failure('TREE_MISSING', `files ${tree.name}: ${tree.path} is not a folder`);
  await access(tree.path, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw new Failure('UNREADABLE_FILES', `files ${tree.name}: ${tree.path} cannot be read`, { cause });
  });
  if (tree.aside !== undefined && tree.aside.include.length > 0)
    await asideNames(tree.path, tree.aside.include);
  return `files ${tree.name}: ${tree.path} can be read`;
};
