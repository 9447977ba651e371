// holdfast list: the backups that exist. Reads repositories alone.
import { listBackups } from '../catalog/catalog.js';
import { deploymentOf } from '../config/load.js';
import { listedFacts } from './backup-facts.js';
import { type CommonOptions, checkRepository, configOf } from './input.js';
import type { Output } from './output.js';
import { listLines } from './render-list.js';

export interface ListOptions extends CommonOptions {
  repository?: string;
}

export const list = async (
  deployment: string | undefined,
  options: ListOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (deployment !== undefined) deploymentOf(config, deployment);
  checkRepository(config, options.repository);
  const found = await listBackups(config, {
    ...(deployment === undefined ? {} : { deployment }),
    ...(options.repository === undefined ? {} : { repository: options.repository }),
  });
  const backups = found.map(listedFacts);
  if (output.json) output.answerJson(backups);
  else if (backups.length > 0) output.answer(listLines(backups, new Date()).join('\n'));
  else output.say(`no backups yet; holdfast backup ${deployment ?? 'DEPLOYMENT'} makes one`);
  return 0;
};
