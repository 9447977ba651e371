// STORAGE: backups that lie on the very disk of what they protect go with it.
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { repositoriesOf } from '../../catalog/catalog.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import type { Finding } from '../../domain/findings.js';
import { existingAncestor } from '../../files/existing-ancestor.js';
import { locateDatabase, locateTree } from '../../operations/locate.js';
import { localDataDirectory } from '../restore/restore-checks.js';
import { finding } from './check.js';

interface Place {
  /** `files storage` */
  what: string;
  device: number;
}

/** Silent where one of the repositories is elsewhere, or where nothing is known of the data's own disk. */
export const lookAtDisks = async (
  config: Config,
  deployment: Deployment,
  applicationName: string,
): Promise<Finding[]> => {
  const repositories = repositoriesOf(config, deployment);
  const folders = repositories.map(folderOf);
  const devices = await Promise.all(
    folders.map(async (folder) => (folder === null ? null : deviceOf(await existingAncestor(folder)))),
  );
  const data = await dataPlaces(deployment, applicationName);
  const beside = data.filter(({ device }) => devices.includes(device));
  if (beside.length === 0 || !devices.every((device) => data.some((place) => place.device === device)))
    return [];
  const names = repositories.map(({ name }) => name).join(', ');
  return [
    finding(
      'STORAGE',
      'warning',
      `all backups (${names}) lie on the disk of ${beside.map(({ what }) => what).join(' and ')}: if it fails, both are gone`,
      'add a repository on another disk, or better on another host: a bucket, or what rclone reaches',
    ),
  ];
};

/** null: it is not a folder of this host. */
const folderOf = (repository: RepositorySettings): string | null => {
  if (repository.kind === 'local') return repository.path;
  return repository.kind === 'restic' && isAbsolute(repository.repository) ? repository.repository : null;
};

/** As far as they can be found: what cannot is said elsewhere. */
const dataPlaces = async ({ trees, databases }: Deployment, applicationName: string): Promise<Place[]> => {
  const found = await Promise.all([
    ...trees.map((tree) => placeOf(`files ${tree.name}`, async () => (await locateTree(tree)).path)),
    ...databases.map((settings) =>
      placeOf(`database ${settings.name}`, async () =>
        localDataDirectory(await locateDatabase(settings), applicationName),
      ),
    ),
  ]);
  return found.flat();
};

const placeOf = async (what: string, locate: () => Promise<string | null>): Promise<Place[]> => {
  const folder = await locate().catch(() => null);
  const device = folder === null ? null : await deviceOf(folder);
  return device === null ? [] : [{ what, device }];
};

const deviceOf = (folder: string): Promise<number | null> =>
  stat(folder).then(
    ({ dev }) => dev,
    () => null,
  );
