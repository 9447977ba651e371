// What would make a restore fail, looked at before anything is fetched or staged.
import { stat } from 'node:fs/promises';
import { backupFolder } from '../../catalog/manifest-file.js';
import type { Deployment, RepositorySettings } from '../../config/config.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { checkRestoreRights } from '../../database/preflight.js';
import { dataDirectory, serverMajor } from '../../database/server.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts, Manifest, StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import { freeBytes } from '../../files/free-space.js';
import { locateDatabase } from '../../operations/locate.js';
import { openRepository } from '../../repositories/open-repository.js';
import { postgresProgram } from '../../tools/find-program.js';
import { requireGnuTar } from '../../tools/tar.js';

/** Every artifact that is needed is there, in its full length. */
export const requireArtifacts = async (
  settings: RepositorySettings,
  manifest: Manifest,
  needed: readonly StoredArtifact[],
): Promise<void> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const objects = new Map(
    (await openRepository(settings).list(folder)).map(({ key, bytes }) => [key, bytes]),
  );
  for (const { name, bytes } of needed) {
    const found = objects.get(`${folder}/${name}`);
    if (found === bytes) continue;
    const what = found === undefined ? 'is missing' : `has ${found} bytes instead of ${bytes}`;
    throw new Failure('CORRUPT_ARTIFACT', `${name} of ${manifest.id} ${what} in repository ${settings.name}`);
  }
};

export const checkDatabases = async (
  deployment: Deployment,
  facts: readonly DatabaseFacts[],
  applicationName: string,
) => {
  const wanted = deployment.databases.filter(({ name }) => facts.some((fact) => fact.name === name));
  const targets = await Promise.all(wanted.map(locateDatabase));
  const [server] = targets;
  if (server === undefined) return;
  await checkRestoreRights(targets, {
    applicationName,
    roles: [...new Set(facts.flatMap(({ roles }) => roles))],
    extensions: facts.flatMap(({ extensions }) => extensions),
    dumpVersion: Math.max(...facts.map(({ serverVersion }) => serverVersion)),
  });
  if (server.container === undefined)
    await postgresProgram('pg_restore', await serverMajor(server, applicationName));
  await checkDatabaseRoom(server, facts, applicationName);
};

/** An index build and the write-ahead log take about half as much again. */
const ROOM_FACTOR = 1.5;

/** Only where the server's data lies on this host and it says where; elsewhere its own error has to do. */
export const checkDatabaseRoom = async (
  server: DatabaseTarget,
  facts: readonly DatabaseFacts[],
  applicationName: string,
): Promise<void> => {
  const folder = await localDataDirectory(server, applicationName);
  if (folder === null) return;
  const needed = ROOM_FACTOR * facts.reduce((sum, { bytes }) => sum + bytes, 0);
  const free = await freeBytes(folder);
  if (free >= needed) return;
  throw new Failure(
    'DISK_FULL',
    `the databases need about ${megabytes(needed)} beside the live ones in ${folder}, where ${megabytes(free)} are left`,
    { hint: 'free some space there: the live databases stay until the restored ones take their place' },
  );
};

/** Where the server keeps its data; null where that is not on this host, or cannot be asked or seen. */
export const localDataDirectory = async (
  server: DatabaseTarget,
  applicationName: string,
): Promise<string | null> => {
  if (server.container !== undefined || !LOCAL_HOST.test(server.host)) return null;
  const folder = await dataDirectory(server, applicationName);
  return folder !== null && (await stat(folder).catch(() => null)) !== null ? folder : null;
};

const LOCAL_HOST = /^(localhost|127\.|::1$|\/)/;

export const checkTrees = async (
  deployment: Deployment,
  trees: readonly TreeFacts[],
  artifacts: readonly StoredArtifact[],
): Promise<void> => {
  await requireGnuTar();
  for (const tree of trees) {
    const { name } = tree;
    const path = deployment.trees.find((configured) => configured.name === name)?.path ?? '/';
    const free = await freeBytes(path);
    const bytes = spaceFor(tree, artifacts);
    if (free >= bytes * 1.05) continue;
    throw new Failure(
      'DISK_FULL',
      `files ${name} need ${megabytes(bytes)} beside ${path}, where ${megabytes(free)} are left`,
      {
        hint: 'free some space there: the live files stay until the restored ones take their place',
      },
    );
  }
};

/** Sparse files take less room than their sizes say: no more than their archive, which leaves holes out. */
export const spaceFor = ({ name, bytes }: TreeFacts, artifacts: readonly StoredArtifact[]): number => {
  const archives = artifacts.filter(({ kind, source }) => kind === 'files' && source === name);
  return Math.min(
    bytes,
    archives.reduce((sum, { rawBytes }) => sum + (rawBytes ?? bytes), 0),
  );
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
