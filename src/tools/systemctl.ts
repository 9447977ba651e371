// systemd's units through systemctl.
import { Failure } from '../domain/failure.js';
import { runProgram } from './process.js';
import { lookUp } from './program-lookup.js';

export interface UnitStatus {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  load: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`. */
  active: string;
  /** `running`, `exited`, `dead`, `auto-restart` … */
  sub: string;
  frozen: boolean;
  /** From systemd 246 on, with cgroups v2. */
  canFreeze: boolean;
}

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'FreezerState', 'CanFreeze'];

/** A unit that does not exist has one too. @throws TOOL_MISSING, SERVICE_FAILED where systemd does not run */
export const unitStatus = async (unit: string): Promise<UnitStatus> => {
  const stdout = await systemctl(['show', `--property=${PROPERTIES.join(',')}`, '--', unit]);
  const values = new Map(
    stdout.split('\n').map((line): [string, string] => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
  return {
    load: values.get('LoadState') ?? '',
    active: values.get('ActiveState') ?? '',
    sub: values.get('SubState') ?? '',
    frozen: values.get('FreezerState') === 'frozen',
    canFreeze: values.get('CanFreeze') === 'yes',
  };
};

/** systemd's own limits (TimeoutStopSec and TimeoutStartSec, 90 s each) end it earlier. */
const CHANGE_TIMEOUT_MS = 300_000;

/** Returns when systemd's job is done; one that was begun goes on although this call ends. */
export const changeUnit = async (
  change: 'start' | 'stop' | 'freeze' | 'thaw',
  unit: string,
): Promise<void> => {
  await systemctl([change, '--', unit], CHANGE_TIMEOUT_MS);
};

/** Its status with its last log lines, for people. */
export const unitLog = async (unit: string): Promise<string> => {
  const args = ['status', '--no-pager', '--full', '--lines=20', '--', unit];
  const { stdout } = await runProgram({ program: 'systemctl', args, acceptedExitCodes: [1, 2, 3, 4] });
  return stdout.slice(-4000);
};

const systemctl = async (args: readonly string[], timeoutMs?: number): Promise<string> => {
  if ((await lookUp('systemctl')) === null)
    throw new Failure('TOOL_MISSING', 'systemctl is not installed', {
      hint: 'this host has no systemd: name the service by its container, or by commands',
    });
  return (await runProgram({ program: 'systemctl', args }, timeoutMs === undefined ? {} : { timeoutMs }))
    .stdout;
};
