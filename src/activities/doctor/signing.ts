// SECURITY: whether the key that signs is this host's alone, and whether the log gets to its repositories.
import { stat } from 'node:fs/promises';
import { listOutbox } from '../../catalog/log-place.js';
import { knownSigningKey, signingKeyFile } from '../../catalog/signing-key.js';
import type { Config, Deployment } from '../../config/config.js';
import { asFailure } from '../../domain/failure.js';
import type { Finding } from '../../domain/findings.js';
import { finding } from './check.js';

const AREA = 'SECURITY';

export const lookAtSigning = async ({ state }: Config, { name }: Deployment): Promise<Finding[]> => [
  await lookAtKey(state),
  ...(await lookAtOutbox(state, name)),
];

const lookAtKey = async (state: string): Promise<Finding> => {
  const file = signingKeyFile(state);
  try {
    const key = await knownSigningKey(state);
    if (key === null) return finding(AREA, 'ok', 'the signing key is made when the agent starts');
    const { mode } = await stat(file);
    if ((mode & 0o040) !== 0)
      return finding(AREA, 'warning', `its group can read the signing key ${file}`, `chmod 600 ${file}`);
    return finding(AREA, 'ok', `backups and log are signed by ${key.publicKey}, which this user alone can`);
  } catch (error) {
    const { message, hint } = asFailure(error);
    return finding(AREA, 'problem', message, hint);
  }
};

/** Whatever is on its way for longer is kept back by something. */
const LATE_MS = 3_600_000;

const lookAtOutbox = async (state: string, deployment: string): Promise<Finding[]> => {
  const before = new Date(Date.now() - LATE_MS).toISOString().replace(/[-:.]/g, '');
  const late = (await listOutbox(state, deployment).catch(() => [])).filter((name) => name < before);
  if (late.length === 0) return [];
  return [
    finding(
      AREA,
      'warning',
      `entries of the log that a repository still lacks after an hour: ${late.length}`,
      'see which repository does not answer, or takes nothing; this host keeps them until then',
    ),
  ];
};
