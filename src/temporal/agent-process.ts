// The agent as a child of the supervisor: started, waited for until its workers poll, stopped without leaving anything.

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';
import { requireStateRoom } from '../operations/state-room.js';
import { type Daemon, type DaemonExit, startDaemon } from '../tools/daemon.js';
import { killProcessGroup } from '../tools/process-group.js';
import { logTail } from './server-log.js';

const STOP_WITHIN_MS = 30_000;

/** V8's nursery in MB. Half of the usual 16 saves 20 MB of memory; less than that costs a third of the speed of streams. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=8';

/** Of glibc's allocator, which else makes one for each of dozens of threads: 17 MB less of an idle agent. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

export interface AgentStart {
  config: Pick<Config, 'file' | 'state'>;
  /** A JavaScript file; by default the agent of this package. */
  program?: string | undefined;
  /** Gets what the agent says on stdout, besides `ready`. */
  say: (line: string) => void;
  /** Gives up a start that is under way. */
  stop: AbortSignal;
}

export interface Agent {
  pid: number;
  exited: Promise<DaemonExit>;
  /** SIGTERM, thirty seconds for what it is doing, SIGKILL. */
  stop(): Promise<void>;
}

/** Returns when it is ready. @throws what the agent says when it ends before */
export const startAgent = async ({ config, program, say, stop }: AgentStart): Promise<Agent> => {
  const log = join(config.state, 'agent.log');
  const daemon = await startDaemon({
    program: process.execPath,
    args: [SMALL_YOUNG_GENERATION, program ?? agentProgram()],
    env: { ...FEW_ARENAS, ...process.env, HOLDFAST_CONFIG: config.file },
    log,
    stdin: 'pipe',
    stdout: 'pipe',
    life: 'with parent',
  });
  const agent = asAgent(daemon);
  stop.addEventListener('abort', agent.stop, { once: true });
  const ready = await becomesReady(daemon, say);
  stop.removeEventListener('abort', agent.stop);
  if (ready) return agent;
  const exit = await daemon.exited;
  throw await agentFailure(exit, await logTail(log), config.state);
};

/** dist/worker.js, seen from dist/temporal as from src/temporal. */
const agentProgram = (): string => fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

const becomesReady = (daemon: Daemon, say: (line: string) => void): Promise<boolean> =>
  new Promise((resolve) => {
    if (daemon.stdout === null) return resolve(false);
    const lines = createInterface({ input: daemon.stdout });
    lines.on('line', (line) => (line === 'ready' ? resolve(true) : say(line)));
    void daemon.exited.then(() => resolve(false));
  });

const asAgent = (daemon: Daemon): Agent => ({
  pid: daemon.pid,
  exited: daemon.exited,
  stop: async () => {
    if (daemon.exit() !== null) return;
    process.kill(daemon.pid, 'SIGTERM');
    const kill = setTimeout(() => void killProcessGroup(daemon), STOP_WITHIN_MS);
    await daemon.exited;
    clearTimeout(kill);
  },
});

/** The agent ends with the exit code of its failure, and its last words are `error:` and `hint:`. */
const agentFailure = async (exit: DaemonExit, log: string, state: string): Promise<Failure> => {
  const said = (what: string) => [...log.matchAll(new RegExp(`^${what}: (.*)$`, 'gm'))].at(-1)?.[1];
  // Where the disk is full, its last words are lost.
  if (said('error') === undefined) await requireStateRoom(state);
  const message = said('error') ?? `the agent ended before it was ready (${describeExit(exit)})`;
  return new Failure(CODES[exit.exitCode ?? 1] ?? 'UNEXPECTED', message, {
    hint: said('hint'),
    ...(said('error') === undefined ? { evidence: log } : {}),
  });
};

const CODES: Readonly<Record<number, FailureCode>> = {
  2: 'CONFIG_INVALID',
  4: 'AGENT_RUNNING',
  9: 'TEMPORAL_UNREACHABLE',
};

export const describeExit = ({ exitCode, signal }: DaemonExit): string =>
  signal === null ? `exit ${exitCode}` : signal;
