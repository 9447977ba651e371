// Everything that would make a backup fail, looked at now: a backup's plan stops at the first, doctor tells them all.
import type { Config, Deployment } from '../../config/config.js';
import { encrypts } from '../../config/encrypts.js';
import { resolveAll } from '../../operations/sealed-secrets.js';
import { findProgram } from '../../tools/find-program.js';
import { requireGnuTar } from '../../tools/tar.js';
import type { Check } from './check.js';
import { databaseChecks } from './database.js';
import { storageChecks } from './storage.js';

export const requirementsOf = (config: Config, deployment: Deployment, applicationName: string): Check[] => [
  ...databaseChecks(deployment, applicationName),
  ...storageChecks(config, deployment),
  { area: 'BACKUP_SYSTEM', run: () => checkPrograms(config, deployment) },
  ...(deployment.sealSecrets
    ? [{ area: 'BACKUP_SYSTEM' as const, run: () => checkSealing(config, deployment) }]
    : []),
];

const checkSealing = async (config: Config, deployment: Deployment): Promise<string> => {
  await findProgram('age');
  const { secrets, unread } = await resolveAll(config, deployment);
  const without = unread.length === 0 ? '' : `, but not ${unread.join(', ')}: that cannot be read here`;
  return `what its ${secrets.size} references stand for can be sealed${without}`;
};

const checkPrograms = async (config: Config, deployment: Deployment): Promise<string> => {
  await findProgram('zstd');
  if (encrypts(config, deployment)) await findProgram('age');
  if (deployment.trees.length > 0) await requireGnuTar();
  return 'the programs that a backup needs are installed';
};
