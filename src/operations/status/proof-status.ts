// What the log says of proofs: when a backup was last restored, what that took, and what was read again since.
import type { ReadEntry, ReadLog } from '../../catalog/log.js';
import { isTrusted } from '../../domain/signature.js';
import type { DeploymentStatus, ProofStatus } from './status.js';

type Log = Pick<ReadLog, 'entries'>;

/** Only entries of somebody who is trusted count. A restore of some parts proves no backup. */
export const proofStatus = ({ entries }: Log, maxAgeMs: number): ProofStatus => {
  const trusted = entries.filter(({ signer }) => isTrusted(signer));
  const restored = trusted.find(isRestored);
  const drill = trusted.find((entry) => entry.kind === 'drill' && isRestored(entry));
  const failed = trusted.find(
    ({ kind, outcome, facts }) => kind === 'drill' && outcome === 'failed' && facts.reason !== CANCELLED,
  );
  return {
    maxAgeMs,
    last:
      restored === undefined
        ? null
        : { backup: restored.backup, at: restored.at, by: restored.kind === 'drill' ? 'drill' : 'restore' },
    recovery: drill === undefined ? null : measured(drill),
    failed:
      failed === undefined || (restored !== undefined && restored.at > failed.at) ? null : inWords(failed),
  };
};

/** That says nothing of the backup. */
const CANCELLED = 'it was cancelled';

const isRestored = ({ kind, outcome, facts }: ReadEntry): boolean =>
  (kind === 'drill' || kind === 'restore') && outcome === 'restored' && facts.only === undefined;

const measured = ({ facts: { recoveryMs, rawBytes } }: ReadEntry): ProofStatus['recovery'] =>
  typeof recoveryMs === 'number' && typeof rawBytes === 'number' ? { ms: recoveryMs, rawBytes } : null;

const inWords = ({ backup, at, facts }: ReadEntry): ProofStatus['failed'] => ({
  ...{ backup, at },
  reason: typeof facts.reason === 'string' ? facts.reason : 'the log does not say why',
});

/** Verifications of everything that a repository held then. */
export const verifiedStatus = (
  { entries }: Log,
  repositories: readonly string[],
): DeploymentStatus['verified'] =>
  repositories.map((repository) => {
    const last = entries.find(
      ({ kind, signer, facts }) =>
        kind === 'verify' &&
        isTrusted(signer) &&
        facts.repository === repository &&
        facts.oldest !== undefined,
    );
    return { repository, at: last?.at ?? null, outcome: last?.outcome ?? '' };
  });
