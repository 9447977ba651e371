// A command that starts or stops something: what it leaves running is not ended with it, may keep its output open, and
// belongs to nobody here.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseEnvironment } from '../config/environment.js';
import { Failure } from '../domain/failure.js';
import { type Daemon, startDaemon } from './daemon.js';
import { signalGroup } from './group-signal.js';
import { withTemporaryFolder } from './own-folder.js';
import { findProgram } from './program-lookup.js';

const TIMEOUT_MS = 300_000;

/**
 * Waits for the command itself, in a session of its own. It is killed with this process: one that went on would stop behind
 * the next agent's back what that one has started. @throws TOOL_MISSING, TOOL_FAILED, STALLED
 */
export const runServiceCommand = async (argv: readonly string[], timeoutMs = TIMEOUT_MS): Promise<void> => {
  const [name = '', ...args] = argv;
  const program = await findProgram(name);
  await withTemporaryFolder('holdfast-service', async (folder) => {
    const log = join(folder, 'log');
    const daemon = await startDaemon({ program, args, env: baseEnvironment(), log, life: 'with parent' });
    await ended(daemon, { name, log, timeoutMs });
  });
};

const ended = async (
  daemon: Daemon,
  { name, log, timeoutMs }: { name: string; log: string; timeoutMs: number },
): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const exit = await Promise.race([daemon.exited, late]);
  clearTimeout(timer);
  const evidence = (await readFile(log, 'utf8')).slice(-4000);
  if (exit === 'late') {
    signalGroup(daemon.pid, 'SIGKILL');
    throw new Failure('STALLED', `${name} did not end within ${timeoutMs / 1000} s`, { evidence });
  }
  if (exit.exitCode === 0) return;
  const how = exit.signal === null ? `failed (exit ${exit.exitCode})` : `was killed by ${exit.signal}`;
  throw new Failure('TOOL_FAILED', `${name} ${how}`, { evidence });
};
