// BACKUP_SYSTEM: what backups and restores need of this host besides the data: hooks, the guard of quiet services, a place
// for the state, and no operation that was left behind.
import { access, constants, stat } from 'node:fs/promises';
import type { Config, Deployment } from '../../config/config.js';
import type { HookSettings } from '../../config/service-settings.js';
import { Failure } from '../../domain/failure.js';
import { existingAncestor } from '../../files/existing-ancestor.js';
import { guardProgram } from '../../operations/guard.js';
import { requireHooks } from '../../operations/hooks.js';
import { readRecord } from '../../operations/record.js';
import { requireStateRoom } from '../../operations/state-room.js';
import type { Check } from './check.js';

const AREA = 'BACKUP_SYSTEM';

export const backupSystemChecks = (config: Config, deployment: Deployment): Check[] => [
  ...HOOKS.filter((hook) => deployment.hooks[hook].length > 0).map(
    (hook): Check => ({ area: AREA, run: () => checkHook(deployment.hooks, hook) }),
  ),
  ...(deployment.services.some(({ duringBackup }) => duringBackup !== 'keep')
    ? [{ area: AREA, run: checkGuard } as const]
    : []),
  { area: AREA, run: () => checkState(config.state) },
  { area: AREA, run: () => checkRecord(config.state, deployment.name) },
];

const HOOKS = ['beforeBackup', 'afterBackup', 'afterRestore'] as const satisfies (keyof HookSettings)[];

const checkHook = async (hooks: HookSettings, hook: keyof HookSettings): Promise<string> => {
  await requireHooks(hooks, [hook]);
  return `hook ${hook}: what it runs is installed`;
};

const checkGuard = async (): Promise<string> => {
  const program = guardProgram();
  await access(program, constants.R_OK).catch((cause: unknown) => {
    throw new Failure('TOOL_MISSING', `the guard of quiet services is missing: ${program}`, {
      hint: 'install holdfast again; in a clone: npm run build',
      cause,
    });
  });
  return 'services that are quiet during a backup are guarded: they run again although the agent dies';
};

const checkState = async (state: string): Promise<string> => {
  const there = await stat(state).catch(() => null);
  const folder = await existingAncestor(state);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new Failure('STATE_DAMAGED', `the state folder ${state} cannot be written by this user`, {
      hint: 'run it as the agent’s user, or name another folder: state in holdfast.yaml',
      cause,
    });
  });
  const { freeBytes } = await requireStateRoom(state);
  return `state folder ${state} can be ${there === null ? 'made' : 'written'}, ${Math.round(freeBytes / 1e6)} MB free`;
};

/** A record that cannot be read is a problem: nothing can begin before it is put right. */
const checkRecord = async (state: string, deployment: string): Promise<string> => {
  const record = await readRecord(state, deployment);
  if (record === null) return 'no operation is at work';
  return `a ${record.kind} is at work, or is settled within a minute of the agent’s start (begun ${record.startedAt})`;
};
