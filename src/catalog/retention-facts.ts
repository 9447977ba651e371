// What retention goes by: what each repository of a deployment holds, and whether it counts as a good backup there.
import type { Config, RepositorySettings } from '../config/config.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { RetentionBackup } from '../domain/retention-input.js';
import { isTrusted, signerOf, type Trust } from '../domain/signature.js';
import { mapLimited } from '../files/limited.js';
import type { Answering } from './answering.js';
import { backupsIn, type HeldBackup, READ_AT_ONCE } from './list-repository.js';
import type { ReadLog } from './log.js';
import { damagedIn } from './proof.js';
import { readSigner } from './signed-manifest.js';

export interface RepositoryFacts {
  settings: RepositorySettings;
  /** A Failure: it does not answer. */
  backups: RetentionBackup[] | Failure;
  /** The same as they lie there, good or not; none while it does not answer. */
  stored: readonly HeldBackup[];
  /** Stored bytes by the backup's id. */
  bytes: ReadonlyMap<string, number>;
}

export interface Reading {
  state: Config['state'];
  deployment: string;
  trust: Trust;
  log: ReadLog;
  pins: ReadonlyMap<string, boolean>;
  answering: Answering;
}

export const factsOf = async (settings: RepositorySettings, reading: Reading): Promise<RepositoryFacts> => {
  const found = await reading.answering(settings, () => read(settings, reading)).catch(asFailure);
  if (found instanceof Failure) return { settings, backups: found, stored: [], bytes: new Map() };
  const { stored, signed } = found;
  const damaged = damagedIn(reading.log, settings.name);
  return {
    settings,
    stored,
    backups: signed.map((backup) => judged(backup, damaged.get(backup.id), reading)),
    bytes: new Map(stored.map(({ id, summary }) => [id, summary?.bytes ?? 0])),
  };
};

/** All that the repository is asked. */
const read = async (
  settings: RepositorySettings,
  reading: Reading,
): Promise<{ stored: HeldBackup[]; signed: HeldBackup[] }> => {
  const stored = await backupsIn(settings, reading.deployment, reading);
  const signed = await mapLimited(stored, READ_AT_ONCE[settings.kind], (backup) =>
    signedNow(settings, backup, reading),
  );
  return { stored, signed };
};

/** Who has signed nothing is not remembered for ever: a signature that was lost may have been put back. */
const signedNow = async (
  settings: RepositorySettings,
  backup: HeldBackup,
  { deployment, trust }: Reading,
): Promise<HeldBackup> => {
  if (backup.summary === null || backup.signedBy !== '') return backup;
  const found = await readSigner(settings, { deployment, backup: backup.id }, trust).catch(asFailure);
  return found instanceof Failure
    ? { ...backup, summary: null, problem: found.message }
    : { ...backup, signedBy: found.key };
};

const judged = (
  { id, summary, problem, signedBy }: HeldBackup,
  damagedAt: string | undefined,
  { trust, pins }: Reading,
): RetentionBackup => {
  const cannot = (words: string): RetentionBackup => ({ id, facts: null, problem: words });
  if (summary === null) return cannot(`it cannot be read: ${problem}`);
  if (signedBy === '') return cannot('nobody has signed it, so what it says of itself does not count');
  if (!isTrusted(signerOf(signedBy, trust)))
    return cannot(`it is signed by ${signedBy}, which is not trusted here`);
  if (damagedAt !== undefined) return cannot(`it was found damaged on ${damagedAt.slice(0, 10)}`);
  const { tiers, startedAt, scheduledFor } = summary;
  const facts = { tiers, startedAt, scheduledFor, pinned: pins.get(id) ?? summary.pinned };
  return { id, facts, problem: '' };
};
