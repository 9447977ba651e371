// holdfast drill: proves that a backup restores, and says how long that takes.
import { findBackup } from '../catalog/catalog.js';
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { parseDrillRequest } from '../domain/drills.js';
import { isBackupId } from '../domain/names.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, checkRepository, configOf } from './input.js';
import { reportDetached, reportResult } from './outcome.js';
import type { Output } from './output.js';
import { withSession } from './session.js';
import { startDrill } from './start-run.js';

export interface DrillOptions extends CommonOptions {
  repository?: string;
  allowUnsigned?: true;
  detach?: true;
}

/** @param named `backup`: an id, a unique start of one, `latest` */
export const drill = async (
  named: { deployment: string; backup: string },
  { repository, allowUnsigned, detach, ...options }: DrillOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, named.deployment);
  checkRepository(config, repository);
  const backup = await fullId(config, { ...named, repository });
  const request = checkedInput('drill', () =>
    parseDrillRequest({ deployment: named.deployment, backup, repository, allowUnsigned }),
  );
  return withSession(config, output, async (session) => {
    const run = await startDrill(session, request);
    if (detach) return reportDetached(run, 'drill', output);
    const ended = await follow(run, output);
    return ended.end === 'result' ? reportResult(session, 'drill', ended.result) : 0;
  });
};

/** Any unique start of an id will do; the run itself takes whole ones. */
const fullId = async (
  config: Config,
  { deployment, backup, repository }: { deployment: string; backup: string; repository: string | undefined },
): Promise<string> => {
  if (backup === 'latest' || isBackupId(backup)) return backup;
  const only = repository === undefined ? {} : { repository };
  return (await findBackup(config, { deployment, id: backup, ...only })).id;
};
