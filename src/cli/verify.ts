// holdfast verify: reads backups again, byte by byte, and says which copies are not what was stored.

import { findBackup } from '../catalog/catalog.js';
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import type { VerifyResult } from '../domain/copies.js';
import { parseVerifyRequest } from '../domain/copy-requests.js';
import { isBackupId } from '../domain/names.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, checkRepository, configOf } from './input.js';
import { reportDetached, reportResult } from './outcome.js';
import type { Output } from './output.js';
import { verifyHint } from './render/copies.js';
import { withSession } from './session.js';
import { startVerify } from './start-run.js';

export interface VerifyOptions extends CommonOptions {
  repository?: string;
  decode?: true;
  repair?: true;
  rate?: string;
  detach?: true;
}

interface Named {
  deployment: string | null;
  /** An id, a unique start of one, `latest`; null: every one. */
  backup: string | null;
}

/** Exit code 1 while something is wrong. */
export const verify = async (
  named: Named,
  { repository, decode, repair, rate, detach, ...options }: VerifyOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (named.deployment !== null) deploymentOf(config, named.deployment);
  checkRepository(config, repository);
  const backup = await idOf(config, named);
  const request = checkedInput('verify', () =>
    parseVerifyRequest({
      ...{ deployment: named.deployment, backup, repository, decode, repair },
      rate: rate === undefined ? null : Number(rate),
    }),
  );
  return withSession(config, output, async (session) => {
    const run = await startVerify(session, request);
    if (detach) return reportDetached(run, 'verify', output);
    const ended = await follow(run, output);
    if (ended.end !== 'result') return 0;
    const code = await reportResult(session, 'verify', ended.result);
    if (code !== 0)
      output.say(`${output.paint('yellow', 'hint:')} ${verifyHint(request, ended.result as VerifyResult)}`);
    return code;
  });
};

/** A whole id is taken as it is: a copy may be missing where it is looked for. */
const idOf = async (config: Config, { deployment, backup }: Named): Promise<string | null> => {
  if (backup === null || deployment === null || isBackupId(backup)) return backup;
  return (await findBackup(config, { deployment, id: backup })).id;
};
