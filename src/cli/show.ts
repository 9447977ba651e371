// holdfast show: everything that is known about one backup. Reads repositories alone.
import { findBackup, signedManifestOf } from '../catalog/catalog.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import { proofsOf } from './proofs.js';
import { showLines } from './render/show.js';

export const show = async (
  { deployment, backup }: { deployment: string; backup: string },
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  const found = await findBackup(config, { deployment, id: backup });
  const { manifest, signer } = await signedManifestOf(config, found);
  const proofs = await proofsOf(config, [found.deployment]);
  const { repositories, damaged, unknown } = found;
  const known = {
    repositories,
    damaged,
    unknown,
    signer,
    proved: proofs.get(found.deployment)?.(found.id) ?? null,
  };
  if (output.json) output.answerJson({ ...manifest, ...known });
  else output.answer(showLines(manifest, known, output.paintAnswer).join('\n'));
  return 0;
};
