// What only Docker knows of a deployment: where its database's server is now, and where its volumes are.
import { lstat } from 'node:fs/promises';
import type { DatabaseSettings, Deployment, TreeSettings } from '../config/config.js';
import { databaseTarget } from '../config/database-target.js';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import { isMountPoint } from '../files/mounts.js';
import { containerAddress } from '../tools/container-address.js';
import { findContainer, inspectVolume } from '../tools/docker.js';
import { runForSecret } from '../tools/run-for-secret.js';

/**
 * Every reference resolved, and the address found through Docker where the server runs in a container: one that was
 * recreated has another.
 * @throws DATABASE_UNREACHABLE when it does not run, UNKNOWN_SERVICE when there is none, CONFIG_INVALID
 */
export const locateDatabase = async (settings: DatabaseSettings): Promise<DatabaseTarget> => {
  const target = await databaseTarget(settings, runForSecret);
  if (settings.container === undefined) return target;
  const container = await findContainer(settings.container);
  const { id, name, image } = container;
  const address = await containerAddress(container, target.port);
  return { ...target, ...address, container: { id, name, image, port: target.port } };
};

/** Volumes by the folders that hold their files, so that a record needs no Docker. @throws UNKNOWN_VOLUME, TREE_MISSING */
export const locateTrees = async (deployment: Deployment): Promise<Deployment> => ({
  ...deployment,
  trees: await Promise.all(deployment.trees.map(locateTree)),
});

export const locateTree = async (tree: TreeSettings): Promise<TreeSettings> => {
  const { volume } = tree;
  if (volume === undefined) return tree;
  const { mountpoint, driver, device } = await inspectVolume(volume);
  if (driver !== 'local')
    throw new Failure(
      'TREE_MISSING',
      `volume ${volume} is kept by the driver ${driver}, not in a folder of this host`,
      {
        hint: 'make it a volume of the driver local, or back up its files where they are',
      },
    );
  if (device !== null && !(await isMountPoint(mountpoint)))
    throw new Failure('TREE_MISSING', `volume ${volume} is mounted only while a container uses it`, {
      hint: device.startsWith('/')
        ? `name its folder instead of the volume: ${device}`
        : 'start the container that uses it',
    });
  await lstat(mountpoint).catch((cause: unknown) => {
    throw new Failure('UNREADABLE_FILES', `volume ${volume}: ${mountpoint} cannot be read by this user`, {
      hint: 'run the agent as root: Docker lets nobody else look into its volumes',
      cause,
    });
  });
  return { ...tree, path: mountpoint };
};
