// `holdfast up`: one supervisor per state folder keeps the Temporal server and the agent running, until it is told to stop.
import type { Readable } from 'node:stream';
import type { Config } from '../config/config.js';
import { lockStateFolder } from '../operations/agent/agent-lock.js';
import type { Callers } from '../operations/agent/lock-callers.js';
import { keepAgent } from './keep-agent.js';
import { keepServer } from './keep-server.js';
import { waitUntilNotNeeded } from './not-needed.js';

export interface SupervisorOptions {
  config: Pick<Config, 'file' | 'agent' | 'state' | 'temporal'>;
  say: (line: string) => void;
  /** Ends it: SIGTERM, Ctrl-C. */
  stop: AbortSignal;
  /** `--once`: it also ends when this is at its end and no run is open. */
  until?: Readable | undefined;
  /** Called when server and agent serve, and again when the server was replaced; never with `until`. */
  onServing?: ((stop: AbortSignal) => void) | undefined;
  /** The agent's JavaScript file, where it is not the package's own. */
  agentProgram?: string | undefined;
}

/** Serves until told to stop, then leaves no process behind. @throws AGENT_RUNNING, TEMPORAL_UNREACHABLE, the agent's own failures */
export const supervise = async (options: SupervisorOptions): Promise<void> => {
  const lock = await lockStateFolder(options.config.state, 'supervisor');
  try {
    await serve(options, lock.callers);
  } catch (error) {
    if (!options.stop.aborted) throw error; // what it was starting was stopped with it
  } finally {
    await lock.release();
  }
};

const serve = async (
  { config, say, stop, until, onServing, agentProgram }: SupervisorOptions,
  callers: Callers,
): Promise<void> => {
  const over = new AbortController();
  const embedded = config.temporal.kind === 'embedded';
  const server = embedded
    ? await keepServer({ state: config.state, schedules: until === undefined, say })
    : null;
  try {
    const agent = await keepAgent({ config, say, program: agentProgram, stop, serverIsKept: embedded });
    try {
      const serving = () => {
        if (until === undefined) onServing?.(over.signal);
      };
      server?.onReplaced((moved) => {
        if (moved) agent.restart();
        serving();
      });
      serving();
      const needs = { callers, over: over.signal };
      const unneeded = until === undefined ? [] : [waitUntilNotNeeded(config, { stdin: until, ...needs })];
      await Promise.race([aborted(stop), ...unneeded]);
      callers.hangUp();
      say('stopping');
    } finally {
      over.abort();
      await agent.stop();
    }
  } finally {
    await server?.stop();
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
