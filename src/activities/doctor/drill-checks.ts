// What would make a drill fail, looked at before anything is fetched: the server, the programs, the room on the disks.
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { checkDrillServer } from '../../database/preflight-drill.js';
import { serverMajor } from '../../database/server.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import { type Need, requireRoom } from '../../files/disk-room.js';
import { locateDatabase } from '../../operations/locate.js';
import { drillFolder } from '../../operations/state-folder.js';
import { totalBytes } from '../../operations/stored-artifacts.js';
import { findProgram, postgresProgram } from '../../tools/find-program.js';
import { requireGnuTar } from '../../tools/tar.js';
import { drillDatabases } from '../drill/drill-databases.js';
import { localDataDirectory, spaceFor } from '../restore/restore-checks.js';

export const requirePrograms = async ({ trees }: Manifest): Promise<void> => {
  await findProgram('zstd');
  if (trees.length > 0) await requireGnuTar();
};

/** Gives the roles that a second server lacks, and where its data lies on this host (null: elsewhere). */
export const lookAtServer = async (
  deployment: Deployment,
  { databases: facts }: Manifest,
  applicationName: string,
): Promise<{ withoutOwners: string[]; dataFolder: string | null }> => {
  const [settings] = drillDatabases(
    deployment,
    facts.map(({ name }) => name),
  );
  if (settings === undefined) return { withoutOwners: [], dataFolder: null };
  const server = await locateDatabase(settings);
  const elsewhere = (deployment.drill?.server ?? null) !== null;
  const missing = await checkDrillServer(server, { applicationName, facts, elsewhere });
  await requireClients(server, applicationName);
  return {
    withoutOwners: someOf(missing),
    dataFolder: await localDataDirectory(server, applicationName),
  };
};

/** A container brings its own. */
const requireClients = async (server: DatabaseTarget, applicationName: string): Promise<void> => {
  if (server.container !== undefined) return;
  const major = await serverMajor(server, applicationName);
  for (const program of ['pg_restore', 'pg_dump'] as const) await postgresProgram(program, major);
};

/** A payload stays small. */
const MOST_ROLES = 10;

const someOf = (roles: readonly string[]): string[] =>
  roles.length <= MOST_ROLES
    ? [...roles]
    : [...roles.slice(0, MOST_ROLES), `${roles.length - MOST_ROLES} more`];

export interface Scratch {
  config: Config;
  settings: RepositorySettings;
  manifest: Manifest;
  needed: readonly StoredArtifact[];
  dataFolder: string | null;
}

/** @throws DISK_FULL */
export const requireRoomFor = (scratch: Scratch): Promise<void> => requireRoom(needsOf(scratch));

const needsOf = ({ config, settings, manifest, needed, dataFolder }: Scratch): Need[] => [
  ...(settings.kind === 'local'
    ? []
    : [{ what: 'downloads', path: config.state, bytes: totalBytes(needed) }]),
  ...manifest.trees.map((tree) => ({
    what: `files ${tree.name}`,
    path: drillFolder(config.state),
    bytes: spaceFor(tree, manifest.artifacts),
  })),
  ...(dataFolder === null
    ? []
    : manifest.databases.map(({ name, bytes }) => ({ what: `database ${name}`, path: dataFolder, bytes }))),
];
