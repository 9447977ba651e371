// holdfast restore and holdfast undo: start, show the plan, ask, approve, follow. Undo restores what was replaced.
import { findBackup } from '../catalog/catalog.js';
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { Failure } from '../domain/failure.js';
import { isBackupId } from '../domain/names.js';
import { parseRestoreRequest, type RestoreRequest } from '../domain/requests.js';
import { needsConfirm } from './approval.js';
import { approveOrCancel } from './approve-or-cancel.js';
import { followDeciding } from './decide.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, checkRepository, configOf } from './input.js';
import { reportDetached, reportResult } from './outcome.js';
import type { Output } from './output.js';
import { withSession } from './session.js';
import { startRestore } from './start-run.js';
import { waitsForApproval } from './waiting.js';

export interface UndoOptions extends CommonOptions {
  confirm?: string;
  leaveStopped?: true;
  detach?: true;
}

export interface RestoreOptions extends UndoOptions {
  repository?: string;
  only?: string[];
  inPlace?: true;
  withoutSafetyBackup?: true;
  allowUnsigned?: true;
}

export const restore = async (
  { deployment, backup }: { deployment: string; backup: string },
  options: RestoreOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  checkRepository(config, options.repository);
  checkConfirm(asTyped(`restore ${deployment} ${backup}`, options), deployment, { ...options, output });
  const { repository = null, only = [] } = options;
  const id = await fullId(config, { deployment, backup, repository });
  const request = checkedInput('restore', () =>
    parseRestoreRequest({
      deployment,
      backup: id,
      repository,
      only,
      mode: options.inPlace ? 'in-place' : 'swap',
      withoutSafetyBackup: options.withoutSafetyBackup,
      leaveStopped: options.leaveStopped,
      allowUnsigned: options.allowUnsigned,
    }),
  );
  return run(config, request, { ...options, output });
};

export const undo = async (deployment: string, options: UndoOptions, output: Output): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  checkConfirm(asTyped(`undo ${deployment}`, options), deployment, { ...options, output });
  const request = parseRestoreRequest({
    deployment,
    backup: 'previous',
    leaveStopped: options.leaveStopped,
  });
  return run(config, request, { ...options, output });
};

/** For a hint: leaving out `--only` would restore more than was asked for. */
const asTyped = (
  command: string,
  { config, repository, only = [], inPlace, withoutSafetyBackup, ...more }: RestoreOptions,
): string =>
  [
    command,
    ...(repository === undefined ? [] : [`--repository ${repository}`]),
    ...(only.length === 0 ? [] : [`--only ${only.join(' ')}`]),
    ...(inPlace ? ['--in-place'] : []),
    ...(withoutSafetyBackup ? ['--without-safety-backup'] : []),
    ...(more.leaveStopped ? ['--leave-stopped'] : []),
    ...(more.allowUnsigned ? ['--allow-unsigned'] : []),
    ...(config === undefined ? [] : [`--config ${config}`]),
  ].join(' ');

type Choices = UndoOptions & { output: Output };

/** Everything that can be wrong with an approval is found before anything starts. */
const checkConfirm = (command: string, deployment: string, { confirm, detach, output }: Choices): void => {
  if (confirm === undefined) {
    if (output.canAsk || detach) return;
    throw needsConfirm(`holdfast ${command} --confirm ${deployment}`);
  }
  if (confirm === deployment) return;
  throw new Failure('INPUT_INVALID', `--confirm ${confirm} is not the name of the deployment`, {
    hint: `holdfast ${command} --confirm ${deployment}`,
  });
};

/** Any unique start of an id will do; the run itself takes whole ones. */
const fullId = async (
  config: Config,
  { deployment, backup, repository }: { deployment: string; backup: string; repository: string | null },
): Promise<string> => {
  if (backup === 'latest' || isBackupId(backup)) return backup;
  const only = repository === null ? {} : { repository };
  return (await findBackup(config, { deployment, id: backup, ...only })).id;
};

const run = (
  config: Config,
  request: RestoreRequest,
  { confirm, detach, output }: Choices,
): Promise<number> =>
  withSession(config, output, async (session) => {
    const kind = request.backup === 'previous' ? 'undo' : 'restore';
    const started = await startRestore(session, request);
    if (detach && confirm === undefined) return reportDetached(started, 'restore', output);
    const planned = await follow(started, output, { until: waitsForApproval });
    if (planned.end === 'result') return reportResult(session, kind, planned.result);
    await approveOrCancel(session, started, { view: planned.view, request, confirm });
    if (detach) return reportDetached(started, 'restore', output);
    const result = await followDeciding(started, output, planned.view);
    return reportResult(session, kind, result);
  });
