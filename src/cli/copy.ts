// holdfast copy: copies backups to where they are missing, and says what is missing still.
import { findBackup } from '../catalog/catalog.js';
import { deploymentOf } from '../config/load.js';
import { parseCopyRequest } from '../domain/copy-requests.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, checkRepository, configOf } from './input.js';
import { reportDetached, reportResult } from './outcome.js';
import type { Output } from './output.js';
import { withSession } from './session.js';
import { startCopy } from './start-run.js';

export interface CopyOptions extends CommonOptions {
  from?: string;
  to?: string;
  detach?: true;
}

/** @param what `backup`: an id, a unique start of one, `latest`; null: every one. Exit code 1 while a copy is missing. */
export const copy = async (
  { deployment, backup }: { deployment: string; backup: string | null },
  { from, to, detach, ...options }: CopyOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  for (const name of [from, to]) checkRepository(config, name);
  const id = backup === null ? null : (await findBackup(config, { deployment, id: backup })).id;
  const request = checkedInput('copy', () => parseCopyRequest({ deployment, backup: id, from, to }));
  return withSession(config, output, async (session) => {
    const run = await startCopy(session, request);
    if (detach) return reportDetached(run, 'copy', output);
    const ended = await follow(run, output);
    return ended.end === 'result' ? reportResult(session, 'copy', ended.result) : 0;
  });
};
