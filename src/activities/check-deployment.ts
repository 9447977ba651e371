// Everything that would make a backup fail, looked at now: `plan` stops at the first finding, `doctor` tells them all.
import { access, constants, stat } from 'node:fs/promises';
import { repositoriesOf } from '../catalog/catalog.js';
import type { Config, Deployment, TreeSettings } from '../config/config.js';
import { sameServer } from '../config/same-server.js';
import type { DatabaseTarget } from '../config/targets.js';
import { checkServer } from '../database/preflight.js';
import { asFailure, Failure } from '../domain/failure.js';
import { locateDatabase, locateTree } from '../operations/locate.js';
import { openRepository } from '../repositories/open-repository.js';
import { exactProgram, findProgram, postgresProgram } from '../tools/find-program.js';
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
  const targets = await Promise.all(deployment.databases.map(locateDatabase));
  sameServer(targets);
  const lines: string[] = [];
  for (const target of targets) {
    const { serverVersion, bytes } = await checkServer(target, { applicationName });
    const major = Math.floor(serverVersion / 10000);
    lines.push(
      `database ${target.name}: ${target.database} on PostgreSQL ${major} answers (${Math.round(bytes / 1e6)} MB), ${await dumpProgram(target, major)}`,
    );
  }
  return lines.join('; ');
};

const dumpProgram = async ({ container }: DatabaseTarget, major: number): Promise<string> => {
  if (container !== undefined && (await exactProgram('pg_dump', major)) === null)
    return `pg_dump runs in a sidecar of ${container.name}`;
  return `pg_dump ${(await postgresProgram('pg_dump', major)).major} fits`;
};

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

const checkPrograms = async (deployment: Deployment): Promise<string> => {
  await findProgram('zstd');
  if (deployment.trees.length > 0) await requireGnuTar();
  return 'the programs that a backup needs are installed';
};
