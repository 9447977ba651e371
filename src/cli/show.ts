// holdfast show: everything that is known about one backup. Reads repositories alone.
import { findBackup, manifestOf } from '../catalog/catalog.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';
import { showLines } from './render-show.js';

export const show = async (
  { deployment, backup }: { deployment: string; backup: string },
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  const found = await findBackup(config, { deployment, id: backup });
  const manifest = await manifestOf(config, found);
  const { repositories, damaged, unknown } = found;
  if (output.json) output.answerJson({ ...manifest, repositories, damaged, unknown });
  else output.answer(showLines(manifest, found, output.paintAnswer).join('\n'));
  return 0;
};
