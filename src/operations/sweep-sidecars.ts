// Sidecars whose operation is over: Docker did not answer when it ended.
import type { Config } from '../config/config.js';
import { removeSidecars, sidecarOperations } from '../tools/sidecars.js';
import type { Host } from './context.js';
import { listOperations, readRecord } from './record.js';

/** Never those of an operation that goes on. Docker is asked only where a database runs in a container. */
export const sweepSidecars = async (
  { state, instance, effect }: Pick<Host, 'state' | 'instance' | 'effect'>,
  { deployments }: Pick<Config, 'deployments'>,
): Promise<void> => {
  const databases = Object.values(deployments).flatMap((deployment) => deployment.databases);
  if (databases.every(({ container }) => container === undefined)) return;
  // In this order: an operation's record is there before its first sidecar is.
  const found = await sidecarOperations(instance);
  const records = await Promise.all((await listOperations(state)).map((name) => readRecord(state, name)));
  const over = found.filter((operation) => records.every((record) => record?.id !== operation));
  for (const operation of over) await removeSidecars({ instance, operation }, effect);
};
