// Puts right what `verify` found: a damaged object is removed only once another repository was seen to hold a good one.
import { backupFolder, MANIFEST_NAME } from '../../catalog/manifest-file.js';
import { readSignedManifest, SIGNATURE_NAME } from '../../catalog/signed-manifest.js';
import { asFailure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { digestOf } from '../../repositories/hash.js';
import { openRepository } from '../../repositories/open-repository.js';
import { openUnhurried } from '../../repositories/open-unhurried.js';
import { steadily } from '../../repositories/steadily.js';
import { type BackupCopying, type Copying, copyBackup } from './copy-backup.js';
import type { CopyFound } from './verify-copy.js';

/** What could not be put right is left as it is. */
export const repairCopy = async (what: BackupCopying, found: CopyFound, copying: Copying): Promise<void> => {
  const target = openRepository(what.to);
  const folder = backupFolder(what.deployment, what.backup);
  const manifest = found.manifest ?? (await goodManifest(what));
  if (manifest === null) return;
  for (const { name } of found.problems) {
    if (name !== MANIFEST_NAME && !(await isGoodElsewhere(name, manifest, { what, copying }))) continue;
    await target.remove(`${folder}/${name}`, copying.host.effect);
    // They are one: a signature holds for its own manifest only.
    if (name === MANIFEST_NAME) await target.remove(`${folder}/${SIGNATURE_NAME}`, copying.host.effect);
  }
  await copyBackup(what, copying).catch((error: unknown) => {
    if (asFailure(error).code !== 'CORRUPT_ARTIFACT') throw error;
  });
};

/** null: no other repository has one that can be read. */
const goodManifest = async (what: BackupCopying): Promise<Manifest | null> => {
  for (const settings of what.from) {
    const signed = await readSignedManifest(settings, what, what).catch(() => null);
    if (signed !== null) return signed.manifest;
  }
  return null;
};

const isGoodElsewhere = async (
  name: string,
  manifest: Manifest,
  { what: { from, deployment, backup }, copying }: { what: BackupCopying; copying: Copying },
): Promise<boolean> => {
  const artifact = [...manifest.artifacts, ...manifest.documents].find((one) => one.name === name);
  if (artifact === undefined) return false;
  for (const settings of from) {
    const open = () => openUnhurried(settings).open(`${backupFolder(deployment, backup)}/${name}`);
    const found = await digestOf(steadily(open, copying)).catch(() => null);
    copying.signal.throwIfAborted();
    if (found?.bytes === artifact.bytes && found.sha256 === artifact.sha256) return true;
  }
  return false;
};
