// Which copies there are to verify: those that a repository holds, and those that it is to hold.
import { repositoriesOf } from '../../catalog/catalog.js';
import { manifestKey } from '../../catalog/manifest-file.js';
import { requireNotVanished } from '../../catalog/vanished.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { BackupPage } from '../../domain/copies.js';
import type { VerifyRequest } from '../../domain/copy-requests.js';
import { knownBackups } from '../../operations/copies/missing-copies.js';
import { type CopyFound, isListed } from '../../operations/copies/verify-copy.js';
import { wantedIn } from '../../operations/prune/plan-prune.js';
import { openRepository } from '../../repositories/open-repository.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { pageOf } from './copies.js';

export interface OfDeployment {
  request: VerifyRequest & { deployment: string };
}

/** Names of the repositories whose copies are read. */
export const planVerify = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ request }: OfDeployment): Promise<string[]> => {
    const config = await dependencies.loadConfig();
    const deployment = deploymentOf(config, request.deployment);
    return repositoriesOf(config, deployment, request.repository ?? undefined).map(({ name }) => name);
  });

interface ListToVerify extends OfDeployment {
  repository: string;
  before: string;
}

/** Those that the repository holds, and those that it is to hold and another one has: a copy that is missing is a problem too. */
export const listBackupsToVerify = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, repository, before }: ListToVerify): Promise<BackupPage> => {
      if (request.backup !== null) return { backups: [request.backup], more: false };
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      const [settings] = repositoriesOf(config, deployment, repository);
      if (settings !== undefined)
        await requireNotVanished({ state: config.state, repository: settings, deployment: deployment.name });
      const known = await knownBackups(deployment.name, repositoriesOf(config, deployment));
      const there = new Set(settings === undefined ? [] : await knownBackups(deployment.name, [settings]));
      const wanted = await wantedIn(config, deployment.name, repository);
      return pageOf(
        known.filter((id) => there.has(id) || wanted(id)),
        before,
      );
    },
  );

/** Retention may have removed it since it was listed: then nothing is wrong. */
export const isPrunedSince = async (
  { manifest }: CopyFound,
  settings: RepositorySettings,
  {
    config,
    request,
    backup,
    repository,
  }: OfDeployment & { config: Config; backup: string; repository: string },
): Promise<boolean> => {
  const { deployment } = request;
  if (manifest !== null || request.backup !== null) return false;
  // One that is damaged is there.
  if (await isListed(openRepository(settings), manifestKey(deployment, backup))) return false;
  const all = repositoriesOf(config, deploymentOf(config, deployment));
  if (!(await knownBackups(deployment, all)).includes(backup)) return true;
  return !(await wantedIn(config, deployment, repository))(backup);
};
