// holdfast show: everything that is known about one backup. Reads repositories alone.
import { findBackup, readManifest, repositoriesOf } from '../catalog/catalog.js';
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
  const { id, repositories } = await findBackup(config, { deployment, id: backup });
  const [settings] = repositoriesOf(config, deploymentOf(config, deployment), repositories[0]);
  if (settings === undefined) throw new Failure('UNKNOWN_BACKUP', `no repository holds ${id}`);
  const manifest = await readManifest(settings, deployment, id);
  if (output.json) output.answerJson({ ...manifest, repositories });
  else output.answer(showLines(manifest, repositories, output.paintAnswer).join('\n'));
  return 0;
};
