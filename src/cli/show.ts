// holdfast show: everything that is known about one backup. Reads repositories alone.
import { findBackup } from '../catalog/catalog.js';
import { deploymentOf } from '../config/load.js';
import { Failure } from '../domain/failure.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import { showLines } from './render-show.js';

export const show = async (
  { deployment, backup }: { deployment: string; backup: string },
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  const { manifest, problem, id, repositories } = await findBackup(config, { deployment, id: backup });
  if (manifest === null)
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${id} cannot be read: ${problem}`);
  if (output.json) output.answerJson({ ...manifest, repositories });
  else output.answer(showLines(manifest, repositories, output.paintAnswer).join('\n'));
  return 0;
};
