// STORAGE: every file tree can be read, every repository can be written.
import { access, constants, stat } from 'node:fs/promises';
import { repositoriesOf } from '../../catalog/catalog.js';
import type { Config, Deployment, TreeSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { locateTree } from '../../operations/locate.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Check } from './check.js';

export const storageChecks = (config: Config, deployment: Deployment): Check[] => [
  ...deployment.trees.map((tree): Check => ({ area: 'STORAGE', run: () => checkTree(tree) })),
  ...repositoriesOf(config, deployment).map(
    (settings): Check => ({
      area: 'STORAGE',
      run: async () => {
        const repository = openRepository(settings);
        await repository.check();
        return `repository ${repository.name} at ${repository.location} can be written`;
      },
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
  return `files ${tree.name}: ${tree.path} can be read`;
};
