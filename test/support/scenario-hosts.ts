// Other hosts than this one, as an agent sees them: programs that are not there, an ordinary user, a small disk.
import { execFileSync } from 'node:child_process';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { isRoot } from './mounts.js';
import { serverAccount } from './postgres-installation.js';
import type { Scenario } from './scenario.js';
import type { HowToRun } from './scenario-commands.js';

export const which = (program: string): string =>
  execFileSync('sh', ['-c', 'command -v "$1"', 'which', program], { encoding: 'utf8' }).trim();

/** Only these programs are installed, and no PostgreSQL where packages put it. Root only: it hides a folder from itself. */
export const bareHost = async (scenario: Scenario, ...programs: readonly string[]): Promise<HowToRun> => {
  for (const name of programs) await symlink(which(name), join(scenario.programs, name));
  const hide = `'${which('mount')}' -t tmpfs none /usr/lib/postgresql && exec "$@"`;
  return {
    prefix: [which('unshare'), '--mount', which('sh'), '-c', hide, 'bare'],
    env: { PATH: scenario.programs },
  };
};

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** As somebody who is not root, and may read nothing but the scenario's folder and, through it, the checkout. */
export const ordinaryUser = async (scenario: Scenario): Promise<HowToRun> => {
  const account = serverAccount();
  if (account === undefined) return {};
  const { uid, gid } = account;
  const { folder, path } = scenario;
  await copyFile(await findTemporalCli(), path('temporal'));
  execFileSync('mkdir', [path('checkout')]);
  execFileSync('chown', ['-R', `${uid}:${gid}`, folder]);
  const become = `setpriv --reuid=${uid} --regid=${gid} --clear-groups`;
  const script = `node=$1; shift 2; mount --bind '${CHECKOUT}' '${path('checkout')}' && exec ${become} "$node" '${path('checkout/bin/holdfast.js')}' "$@"`;
  return {
    prefix: ['unshare', '--mount', 'sh', '-c', script, 'ordinary'],
    env: { HOME: folder, TEMPORAL_CLI_PATH: path('temporal') },
  };
};

/** A disk of that size at `path`; gives how to take it away. Root only. */
export const smallDisk = (path: string, megabytes: number): (() => void) => {
  if (!isRoot) throw new Error('this test mounts a small disk: run it as root');
  execFileSync('mkdir', ['-p', path]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'holdfast-test', path]);
  return () => execFileSync('umount', ['-l', path]);
};
