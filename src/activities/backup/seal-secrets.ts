// What the deployment's references stand for, as one more artifact: sealed once, in the operation's scratch folder.

import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { StoredArtifact } from '../../domain/manifest.js';
import { recipientsOf } from '../../operations/record.js';
import { resolveAll, SEALED_NAME, seal } from '../../operations/sealed-secrets.js';
import { digestOfBytes } from '../../repositories/hash.js';
import type { OperationAttempt } from '../attempt.js';
import { fix } from './fixed-files.js';

/** None where they are not to be sealed, or there is nobody to seal them to. */
export const sealSecrets = async (config: Config, attempt: OperationAttempt): Promise<StoredArtifact[]> => {
  const deployment = deploymentOf(config, attempt.record.deployment);
  const recipients = recipientsOf(attempt.record);
  if (deployment.sealSecrets !== true || recipients.length === 0) return [];
  const { secrets } = await resolveAll(config, deployment);
  const { bytes, rawBytes } = await seal(secrets, recipients, attempt.run);
  await fix(SEALED_NAME, bytes, attempt);
  return [
    {
      name: SEALED_NAME,
      kind: 'secrets',
      source: '',
      ...digestOfBytes(bytes),
      rawBytes,
      transforms: ['age'],
    },
  ];
};
