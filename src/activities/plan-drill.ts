// Plans a drill: what is restored from where, and everything that could make it fail. Changes nothing.
import { randomBytes } from 'node:crypto';
import { backupFolder } from '../catalog/manifest-file.js';
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import type { DatabaseTarget } from '../config/targets.js';
import { checkDrillServer } from '../database/preflight-drill.js';
import { serverMajor } from '../database/server.js';
import type { DrillRequest } from '../domain/drills.js';
import { Failure } from '../domain/failure.js';
import { isEncrypted, type Manifest, type StoredArtifact } from '../domain/manifest.js';
import type { DrillPlan, RunIdentity } from '../domain/plans.js';
import { shortRecipients } from '../domain/recipients.js';
import { type Need, requireRoom } from '../files/disk-room.js';
import { folderForKeys } from '../operations/identity.js';
import { locateDatabase } from '../operations/locate.js';
import { drillFolder } from '../operations/state-folder.js';
import { totalBytes } from '../operations/stored-artifacts.js';
import { requireKey } from '../operations/try-key.js';
import { openRepository } from '../repositories/open-repository.js';
import { findProgram, postgresProgram } from '../tools/find-program.js';
import { requireGnuTar } from '../tools/tar.js';
import { neededArtifacts } from './artifacts-of.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';
import { drillDatabases } from './drill-databases.js';
import { requireFree } from './plan-restore.js';
import { localDataDirectory, spaceFor } from './restore-checks.js';
import { chooseSource, chosenBackup } from './restore-source.js';

export const planDrill = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, run }: { request: DrillRequest; run: RunIdentity }, { signal }): Promise<DrillPlan> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      await requireFree(dependencies, request.deployment);
      const found = await chosenBackup(config, deployment, request);
      const { manifest, unsigned } = found;
      const databases = manifest.databases.map(({ name }) => name);
      const trees = manifest.trees.map(({ name }) => name);
      const needed = neededArtifacts(manifest, { databases, trees });
      const { settings, others, lines } = await chooseSource(found, needed);
      await requirePrograms(manifest);
      await requireKey(
        {
          manifest,
          repository: openRepository(settings),
          folder: backupFolder(deployment.name, manifest.id),
        },
        needed,
        { encryption: config.encryption, folder: await folderForKeys(dependencies.state), signal },
      );
      const applicationName = `holdfast:${dependencies.instance}:plan`;
      const { withoutOwners, dataFolder } = await lookAtServer(deployment, manifest, applicationName);
      await requireRoom(needsOf({ config, settings, manifest, needed, dataFolder }));
      return {
        deployment: deployment.name,
        operation: randomBytes(5).toString('hex'),
        instance: dependencies.instance,
        run,
        configuration: deployment.digest,
        backup: manifest.id,
        repository: settings.name,
        others,
        ...(unsigned === '' ? {} : { unsigned }),
        databases,
        trees,
        rawBytes: needed.reduce((sum, { rawBytes, bytes }) => sum + (rawBytes ?? bytes), 0),
        elsewhere: (deployment.drill?.server ?? null) !== null,
        withoutOwners,
        opened: needed.some(isEncrypted) ? shortRecipients(manifest.recipients) : '',
        lines: [...describe(manifest, deployment, settings), ...lines],
      };
    },
  );

const requirePrograms = async ({ trees }: Manifest): Promise<void> => {
  await findProgram('zstd');
  if (trees.length > 0) await requireGnuTar();
};

/** Gives the roles that a second server lacks, and where its data lies on this host (null: elsewhere). */
const lookAtServer = async (
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

interface Scratch {
  config: Config;
  settings: RepositorySettings;
  manifest: Manifest;
  needed: readonly StoredArtifact[];
  dataFolder: string | null;
}

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

const describe = (manifest: Manifest, { drill }: Deployment, { name }: RepositorySettings): string[] => {
  if (manifest.databases.length + manifest.trees.length === 0)
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${manifest.id} describes nothing to restore`);
  const server = (drill?.server ?? null) === null ? 'the deployment’s own server' : 'the drill’s server';
  return [
    `backup ${manifest.id}, from repository ${name}`,
    ...manifest.databases.map((facts) => `database ${facts.name}, on ${server}`),
    ...manifest.trees.map((tree) => `files ${tree.name}: ${tree.files} files`),
    'restored beside everything, compared, and dropped again; the live data is not touched',
  ];
};
