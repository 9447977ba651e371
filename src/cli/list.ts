// holdfast list: the backups that exist. Reads repositories alone.
import { readCatalog } from '../catalog/catalog.js';
import { deploymentOf } from '../config/load.js';
import type { Failure } from '../domain/failure.js';
import { type CommonOptions, checkRepository, configOf } from './input.js';
import type { Output } from './output.js';
import { proofsOf } from './proofs.js';
import { listedFacts } from './render/backup-facts.js';
import { listLines } from './render/list.js';

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
  const catalog = await readCatalog(config, {
    ...(deployment === undefined ? {} : { deployment }),
    ...(options.repository === undefined ? {} : { repository: options.repository }),
  });
  const proofs = await proofsOf(config, [...new Set(catalog.backups.map((backup) => backup.deployment))]);
  const backups = catalog.backups.map((backup) =>
    listedFacts({ ...backup, proved: proofs.get(backup.deployment)?.(backup.id) ?? null }),
  );
  for (const { repository, failure } of catalog.offline) output.say(offlineLine(repository, failure, output));
  if (output.json) output.answerJson(backups);
  else if (backups.length > 0) output.answer(listLines(backups, new Date()).join('\n'));
  else if (catalog.offline.length === 0)
    output.say(`no backups yet; holdfast backup ${deployment ?? 'DEPLOYMENT'} makes one`);
  return 0;
};

/** Others answered, so that it is no failure of the list. */
const offlineLine = (repository: string, { message }: Failure, { paint }: Output): string =>
  `${paint('yellow', 'warning:')} ${message.includes(repository) ? message : `repository ${repository}: ${message}`}; what only it holds is not listed`;
