// holdfast backup: starts one, follows it, prints its id.
import { deploymentOf } from '../config/load.js';
import { parseBackupRequest } from '../domain/requests.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, configOf } from './input.js';
import { reportDetached, reportResult } from './outcome.js';
import type { Output } from './output.js';
import { withSession } from './session.js';
import { startBackup } from './start-run.js';

export interface BackupOptions extends CommonOptions {
  type: string;
  tier: string;
  takeOver?: true;
  drill?: true;
  pin?: true;
  detach?: true;
}

export const backup = async (
  deployment: string,
  { type, tier, takeOver, drill, pin, detach, ...options }: BackupOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  const request = checkedInput('backup', () =>
    parseBackupRequest({ deployment, type, tier, takeOver, drill, pin }),
  );
  return withSession(config, output, async (session) => {
    const run = await startBackup(session, request);
    if (detach) return reportDetached(run, 'backup', output);
    const ended = await follow(run, output);
    return ended.end === 'result' ? reportResult(session, 'backup', ended.result) : 0;
  });
};
