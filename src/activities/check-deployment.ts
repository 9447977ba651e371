// Everything that would make a backup fail, looked at now: `plan` stops at the first finding, `doctor` tells them all.
import { access, constants, stat } from 'node:fs/promises';
import { repositoriesOf } from '../catalog/catalog.js';
import type { Config, Deployment, TreeSettings } from '../config/config.js';
import { databaseTarget } from '../config/database-target.js';
import { sameServer } from '../config/same-server.js';
import { checkServer } from '../database/preflight.js';
import { asFailure, Failure } from '../domain/failure.js';
import { runForSecret } from '../operations/context.js';
import { openRepository } from '../repositories/open-repository.js';
import { findProgram, postgresProgram } from '../tools/find-program.js';
import { requireGnuTar } from '../tools/tar.js';

export interface Finding {
  area: 'DATABASE' | 'STORAGE' | 'BACKUP_SYSTEM' | 'SECURITY';
  ok: boolean;
  message: string;
  hint: string;
}

export interface Check {
  area: Finding['area'];
  /** One sentence on what is well; throws a Failure otherwise. */
  run: () => Promise<string>;
}

/** Every check's outcome; none of them changes anything. */
export const checkDeployment = (config: Config, deployment: Deployment): Promise<Finding[]> =>
  Promise.all(
    checksOf(config, deployment, 'holdfast:doctor').map(async ({ area, run }) => {
      try {
        return { area, ok: true, message: await run(), hint: '' };
      } catch (error) {
        const { message, hint } = asFailure(error);
        return { area, ok: false, message, hint };
      }
    }),
  );

export const checksOf = (config: Config, deployment: Deployment, applicationName: string): Check[] => [
  ...(deployment.databases.length === 0
    ? []
    : [{ area: 'DATABASE' as const, run: () => checkDatabases(deployment, applicationName) }]),
  ...deployment.trees.map((tree) => ({ area: 'STORAGE' as const, run: () => checkTree(tree) })),
  ...repositoriesOf(config, deployment).map((settings) => ({
    area: 'STORAGE' as const,
    run: async () => {
      await openRepository(settings).check();
      return `repository ${settings.name} at ${settings.path} can be written`;
    },
  })),
  { area: 'BACKUP_SYSTEM', run: () => checkPrograms(deployment) },
];

const checkDatabases = async (deployment: Deployment, applicationName: string): Promise<string> => {
  const targets = await Promise.all(
    deployment.databases.map((settings) => databaseTarget(settings, runForSecret)),
  );
  sameServer(targets);
  const lines: string[] = [];
  for (const target of targets) {
    const { serverVersion, bytes } = await checkServer(target, { applicationName });
    const { major } = await postgresProgram('pg_dump', Math.floor(serverVersion / 10000));
    lines.push(
      `database ${target.name}: ${target.database} on PostgreSQL ${Math.floor(serverVersion / 10000)} answers (${Math.round(bytes / 1e6)} MB), pg_dump ${major} fits`,
    );
  }
  return lines.join('; ');
};

const checkTree = async (tree: TreeSettings): Promise<string> => {
  const there = await stat(tree.path).catch(() => null);
  if (there === null) throw new Failure('TREE_MISSING', `files ${tree.name}: ${tree.path} is not there`);
  if (!there.isDirectory())
    throw new Failure('TREE_MISSING', `files ${tree.name}: ${tree.path} is not a folder`);
  await access(tree.path, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw new Failure('UNREADABLE_FILES', `files ${tree.name}: ${tree.path} cannot be read`, { cause });
  });
  return `files ${tree.name}: ${tree.path} can be read`;
};

const checkPrograms = async (deployment: Deployment): Promise<string> => {
  await findProgram('zstd');
  if (deployment.trees.length > 0) await requireGnuTar();
  return 'the programs that a backup needs are installed';
};
