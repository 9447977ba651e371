// STORAGE: the repositories that copies go to, and whose backups lie in all of them. A backup does not need them, so its plan
// does not ask.
import { repositoriesOf } from '../../catalog/catalog.js';
import { requireOwnPlace } from '../../catalog/own-place.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { knownInstance } from '../../operations/agent/instance.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Check } from './check.js';

export const repositoryChecks = (config: Config, deployment: Deployment): Check[] => {
  const [primary, ...others] = repositoriesOf(config, deployment);
  return [
    ...(primary === undefined ? [] : [check(() => checkOwner(primary, deployment, config.state))]),
    ...others.map((settings) =>
      check(async () => {
        const can = await checkWriting(settings);
        await checkOwner(settings, deployment, config.state);
        return can;
      }),
    ),
  ];
};

export const checkWriting = async (settings: RepositorySettings): Promise<string> => {
  const repository = openRepository(settings);
  await repository.check();
  return `repository ${repository.name} at ${repository.location} can be written`;
};

const check = (run: () => Promise<string>): Check => ({ area: 'STORAGE', run });

const checkOwner = async (
  settings: RepositorySettings,
  { name }: Deployment,
  state: string,
): Promise<string> => {
  const instance = (await knownInstance(state)) ?? '';
  await requireOwnPlace({ state, repository: settings, deployment: name, instance });
  return `repository ${settings.name}: no other host writes into ${name}`;
};
