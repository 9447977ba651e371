// What a restore from a backup puts back, and what could make it fail.

import { findBackup, readManifest, repositoriesOf } from '../catalog/catalog.js';
import { backupFolder } from '../catalog/manifest-file.js';
import type { Config, Deployment } from '../config/config.js';
import { databaseTarget } from '../config/database-target.js';
import { checkRestoreRights } from '../database/preflight.js';
import { serverMajor } from '../database/server-version.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts, Manifest, TreeFacts } from '../domain/manifest.js';
import { isSelected, type RestoreRequest } from '../domain/requests.js';
import { freeBytes } from '../files/free-space.js';
import { runForSecret } from '../operations/context.js';
import { openRepository } from '../repositories/open-repository.js';
import { findProgram, postgresProgram } from '../tools/find-program.js';
import { requireGnuTar } from '../tools/tar.js';
import type { RestoreSource } from './plan-restore.js';

export const planFromBackup = async ({
  request,
  config,
  deployment,
  applicationName,
}: {
  request: RestoreRequest;
  config: Config;
  deployment: Deployment;
  applicationName: string;
}): Promise<RestoreSource> => {
  const { id, manifest, repository } = await chosenBackup(config, deployment, request);
  const databases = manifest.databases.filter(({ name }) => isSelected(request.only, 'database', name));
  const trees = manifest.trees.filter(({ name }) => isSelected(request.only, 'files', name));
  requireSelection({ request, manifest, deployment, databases, trees });
  await requireArtifacts(config, { deployment, repository, manifest });
  if (databases.length > 0) await checkDatabases(deployment, databases, applicationName);
  if (trees.length > 0) await checkTrees(deployment, trees);
  await findProgram('zstd');
  return {
    kind: 'restore',
    backup: id,
    repository,
    databases: databases.map(({ name }) => name),
    trees: trees.map(({ name }) => name),
    undoes: '',
    lines: describe({ manifest, repository, deployment, databases, trees }),
    basis: [id, repository, manifest.artifacts.map(({ sha256 }) => sha256), request.only],
  };
};

const chosenBackup = async (config: Config, deployment: Deployment, request: RestoreRequest) => {
  const { id, repositories } = await findBackup(config, {
    deployment: deployment.name,
    id: request.backup,
    ...(request.repository === null ? {} : { repository: request.repository }),
  });
  const [settings] = repositoriesOf(config, deployment, repositories[0]);
  if (settings === undefined) throw new Failure('UNKNOWN_BACKUP', `no repository holds ${id}`);
  return { id, manifest: await readManifest(settings, deployment.name, id), repository: settings.name };
};

const requireSelection = ({
  request,
  manifest,
  deployment,
  databases,
  trees,
}: {
  request: RestoreRequest;
  manifest: Manifest;
  deployment: Deployment;
  databases: readonly DatabaseFacts[];
  trees: readonly TreeFacts[];
}): void => {
  const there = [
    ...manifest.databases.map(({ name }) => `database.${name}`),
    ...manifest.trees.map(({ name }) => `files.${name}`),
  ];
  const selects = (selector: string) =>
    there.some((one) => one === selector || one.startsWith(`${selector}.`));
  const missing = request.only.filter((selector) => !selects(selector));
  if (missing.length > 0 || databases.length + trees.length === 0) {
    throw new Failure(
      'INPUT_INVALID',
      `the backup ${manifest.id} does not hold ${missing.join(', ') || 'anything'}`,
      {
        hint: `it holds ${there.join(', ') || 'nothing'}`,
      },
    );
  }
  for (const { name } of databases) requireConfigured('databases', name, deployment);
  for (const { name } of trees) requireConfigured('files', name, deployment);
};

const requireConfigured = (kind: 'databases' | 'files', name: string, deployment: Deployment): void => {
  const known = kind === 'databases' ? deployment.databases : deployment.trees;
  if (known.some((one) => one.name === name)) return;
  throw new Failure(
    'CONFIG_INVALID',
    `the backup holds ${kind} ${name}, which deployments.${deployment.name} does not name`,
    {
      hint: `add deployments.${deployment.name}.${kind}.${name}, or choose with --only`,
    },
  );
};

/** Before anything is fetched or staged: every artifact is there, in its full length. */
const requireArtifacts = async (
  config: Config,
  { deployment, repository, manifest }: { deployment: Deployment; repository: string; manifest: Manifest },
): Promise<void> => {
  const [settings] = repositoriesOf(config, deployment, repository);
  if (settings === undefined) return;
  const folder = backupFolder(manifest.deployment, manifest.id);
  const objects = new Map(
    (await openRepository(settings).list(folder)).map(({ key, bytes }) => [key, bytes]),
  );
  for (const { name, bytes } of manifest.artifacts) {
    const found = objects.get(`${folder}/${name}`);
    if (found === bytes) continue;
    const what = found === undefined ? 'is missing' : `has ${found} bytes instead of ${bytes}`;
    throw new Failure('CORRUPT_ARTIFACT', `${name} of ${manifest.id} ${what} in repository ${repository}`);
  }
};

const checkDatabases = async (
  deployment: Deployment,
  facts: readonly DatabaseFacts[],
  applicationName: string,
) => {
  const wanted = deployment.databases.filter(({ name }) => facts.some((fact) => fact.name === name));
  const targets = await Promise.all(wanted.map((settings) => databaseTarget(settings, runForSecret)));
  const [server] = targets;
  if (server === undefined) return;
  await checkRestoreRights(targets, {
    applicationName,
    roles: [...new Set(facts.flatMap(({ roles }) => roles))],
    extensions: facts.flatMap(({ extensions }) => extensions),
    dumpVersion: Math.max(...facts.map(({ serverVersion }) => serverVersion)),
  });
  await postgresProgram('pg_restore', await serverMajor(server, applicationName));
};

const checkTrees = async (deployment: Deployment, trees: readonly TreeFacts[]): Promise<void> => {
  await requireGnuTar();
  for (const { name, bytes } of trees) {
    const path = deployment.trees.find((tree) => tree.name === name)?.path ?? '/';
    const free = await freeBytes(path);
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

const describe = ({
  manifest,
  repository,
  deployment,
  databases,
  trees,
}: {
  manifest: Manifest;
  repository: string;
  deployment: Deployment;
  databases: readonly DatabaseFacts[];
  trees: readonly TreeFacts[];
}): string[] => [
  `backup ${manifest.id} of ${manifest.finishedAt.slice(0, 19).replace('T', ' ')} UTC, from repository ${repository}`,
  ...databases.map(
    (facts) =>
      `database ${facts.name} (${facts.database}): ${facts.tables.length} tables, ${sum(facts.tables.map(({ rows }) => rows))} rows, ${megabytes(facts.bytes)}`,
  ),
  ...trees.map(
    (tree) =>
      `files ${tree.name}: ${tree.files} files, ${megabytes(tree.bytes)}, to ${pathOf(deployment, tree.name)}`,
  ),
  'restored beside the live data and compared first; then swapped in within a moment',
  `what is there now is kept for ${Math.round(deployment.keepPreviousMs / 3_600_000)} h: holdfast undo ${deployment.name}`,
];

const pathOf = (deployment: Deployment, tree: string): string =>
  deployment.trees.find(({ name }) => name === tree)?.path ?? '';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
