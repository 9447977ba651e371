// What a repository holds, shown to somebody who knows nothing else; and which backup of it is meant.
import { type FoundDeployment, findDeployments } from '../../catalog/find-backups.js';
import { readSignedManifest, readSigner } from '../../catalog/signed-manifest.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { backupTime, SAFETY_TIER } from '../../domain/names.js';
import type { Signer } from '../../domain/signature.js';
import { mapLimited } from '../../files/limited.js';
import { fingerprint } from '../keys/fingerprint.js';
import type { Output } from '../output.js';
import { formatTime } from '../render/format.js';
import { table } from '../render/table.js';
import type { RecoveryTrust } from './recovery-trust.js';

export interface Choosing {
  settings: RepositorySettings;
  deployment: string | undefined;
  /** An id, any unique start of one, or `latest`. */
  backup: string;
  trust: RecoveryTrust;
  allowUnsigned: boolean;
}

export interface ChosenRecovery {
  manifest: Manifest;
  signer: Signer;
}

/** How many of each deployment are shown. */
const NEWEST = 3;

/** Some repositories start a program for each look. */
const AT_ONCE = 2;

/** Nothing of a manifest is read before its signature is known to be good. */
export const chooseRecovery = async (choosing: Choosing, output: Output): Promise<ChosenRecovery> => {
  const { settings, backup, trust, allowUnsigned } = choosing;
  const found = await findDeployments(settings);
  await show(found, choosing, output);
  const deployment = chosenDeployment(found, choosing.deployment);
  for (const id of candidates(deployment, backup)) {
    const wanted = { deployment: deployment.name, backup: id };
    const signer = await readSigner(settings, wanted, trust.known());
    await trust.require(signer, id);
    const { manifest } = await readSignedManifest(settings, wanted, { trust: trust.known(), allowUnsigned });
    if (backup !== 'latest' || !manifest.tiers.includes(SAFETY_TIER)) return { manifest, signer };
  }
  throw new Failure('UNKNOWN_BACKUP', `there is no backup of ${deployment.name} but safety backups`, {
    hint: 'name one of them to restore it',
  });
};

const show = async (
  found: readonly FoundDeployment[],
  { settings, trust }: Choosing,
  output: Output,
): Promise<void> => {
  const newest = found.flatMap(({ name, backups }) =>
    backups.slice(0, NEWEST).map((backup) => ({ deployment: name, backup })),
  );
  const rows = await mapLimited(newest, AT_ONCE, async (wanted) => {
    const signedBy = await readSigner(settings, wanted, trust.known()).then(
      ({ key }) => (key === '' ? 'nobody' : fingerprint(key)),
      (error: unknown) => asFailure(error).message,
    );
    return [wanted.deployment, wanted.backup, formatTime(backupTime(wanted.backup).toISOString()), signedBy];
  });
  if (rows.length === 0) return;
  const columns = ['DEPLOYMENT', 'BACKUP', 'MADE', 'SIGNED BY'].map((title) => ({ title }));
  for (const line of table(columns, rows)) output.say(line);
  const more = found.reduce((sum, { backups }) => sum + Math.max(0, backups.length - NEWEST), 0);
  if (more > 0) output.say(`and ${more} older ones`);
};

const chosenDeployment = (found: readonly FoundDeployment[], name: string | undefined): FoundDeployment => {
  const [only] = found;
  if (only === undefined)
    throw new Failure('UNKNOWN_BACKUP', 'there is no backup there', {
      hint: 'look at the address: it ends where the folders of the deployments are',
    });
  const chosen = name === undefined && found.length === 1 ? only : found.find((one) => one.name === name);
  if (chosen !== undefined) return chosen;
  const names = found.map((one) => one.name).join(', ');
  if (name === undefined)
    throw new Failure('INPUT_INVALID', `it holds several deployments: ${names}`, {
      hint: `name one: --deployment ${only.name}`,
    });
  throw new Failure('UNKNOWN_DEPLOYMENT', `it holds no backup of ${name}`, { hint: `it holds ${names}` });
};

/** Newest first. */
const candidates = ({ name, backups }: FoundDeployment, backup: string): string[] => {
  if (backup === 'latest') return backups;
  const matching = backups.filter((id) => id.startsWith(backup));
  const [first] = matching;
  if (first === undefined)
    throw new Failure('UNKNOWN_BACKUP', `there is no backup ${backup} of ${name}`, {
      hint: `the newest ones are ${backups.slice(0, 3).join(', ')}`,
    });
  if (matching.length > 1 && !matching.includes(backup))
    throw new Failure('UNKNOWN_BACKUP', `${backup} is the start of ${matching.length} backups`, {
      hint: `give more of it: ${matching.slice(0, 5).join(', ')}`,
    });
  return matching.includes(backup) ? [backup] : [first];
};
