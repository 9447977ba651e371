// SECURITY: who else can read the backups, the state, the configuration and the password on its way, and what this user may.
import { stat } from 'node:fs/promises';
import { repositoriesOf } from '../../catalog/catalog.js';
import type { Config, Deployment, TreeSettings } from '../../config/config.js';
import type { Finding } from '../../domain/findings.js';
import { locateTree } from '../../operations/locate.js';
import { finding } from './check.js';
import { lookAtEngine } from './docker-socket.js';
import { lookAtEncryption } from './encryption.js';
import { lookAtFolder } from './folder-access.js';
import { lookAtPasswords } from './password-transport.js';
import { lookAtSigning } from './signing.js';

const AREA = 'SECURITY';

export const lookAtSecurity = async (
  config: Config,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Finding[]> => {
  const repositories = repositoriesOf(config, deployment);
  const found = await Promise.all([
    lookAtFolder('state folder', config.state),
    ...repositories.flatMap((repository) =>
      repository.kind === 'local' ? [lookAtFolder(`repository ${repository.name}`, repository.path)] : [],
    ),
    lookAtConfiguration(config, deployment),
    lookAtPasswords(deployment),
    lookAtUser(deployment),
    lookAtEngine(deployment),
    lookAtEncryption(config, deployment, signal),
    lookAtSigning(config, deployment),
  ]);
  return found.flat();
};

/** It holds no password; what a health check's URL carries may be one. */
const lookAtConfiguration = async ({ file }: Config, { health }: Deployment): Promise<Finding[]> => {
  const { mode } = await stat(file);
  const tokens = health.checks.some((check) => check.kind === 'http' && /[?@]/.test(check.url));
  if ((mode & 0o004) === 0 || !tokens)
    return [finding(AREA, 'ok', `${file} gives no secret away: it holds references only`)];
  return [
    finding(
      AREA,
      'warning',
      `others can read ${file}, and the URL of a health check in it may hold a secret`,
      `chmod o-r ${file}`,
    ),
  ];
};

/** Owners can be restored by root alone, and a container's files belong to whomever its image says. */
const lookAtUser = async ({ trees }: Deployment): Promise<Finding[]> => {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  if (uid === 0)
    return trees.length > 0
      ? [finding(AREA, 'ok', 'runs as root, which restoring the owners of files needs')]
      : [
          finding(
            AREA,
            'warning',
            'runs as root, which databases alone do not need',
            'run the agent as a user of its own',
          ),
        ];
  const foreign = await Promise.all(trees.map((tree) => ownedByOther(tree, uid)));
  const names = trees.filter((_, index) => foreign[index]).map(({ name }) => name);
  return [
    names.length === 0
      ? finding(AREA, 'ok', `runs as user ${uid}, without the rights of root`)
      : finding(
          AREA,
          'warning',
          `user ${uid} cannot restore the owners of files ${names.join(', ')}`,
          'run the agent as root, or as the user whom the files belong to',
        ),
  ];
};

/** A tree that is not there is said under STORAGE. */
const ownedByOther = async (tree: TreeSettings, uid: number): Promise<boolean> => {
  const owner = await locateTree(tree)
    .then(({ path }) => stat(path))
    .catch(() => null);
  return owner !== null && owner.uid !== uid;
};
