// How backups were proved, for lists: where a log cannot be read, they say nothing of it and are lists all the same.
import { readLog } from '../catalog/log.js';
import { type Proof, proofOf } from '../catalog/proof.js';
import type { Config } from '../config/config.js';

/** By deployment; those whose log cannot be read are left out. */
export const proofsOf = async (
  config: Config,
  deployments: readonly string[],
): Promise<Map<string, (backup: string) => Proof>> => {
  const logs = await Promise.all(
    deployments.map(async (deployment) => ({
      deployment,
      log: await readLog(config, deployment).catch(() => null),
    })),
  );
  return new Map(
    logs.flatMap(({ deployment, log }) =>
      log === null ? [] : [[deployment, (backup: string) => proofOf(log, backup)] as const],
    ),
  );
};
