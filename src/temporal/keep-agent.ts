// Keeps the agent running: one that ends without having been told to is started again, later each time.
import { setTimeout as delay } from 'node:timers/promises';
import { asFailure } from '../domain/failure.js';
import { type Agent, type AgentStart, describeExit, startAgent } from './agent-process.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** An agent that lived that long is not one that dies at every start. */
const GOOD_LIFE_MS = 60_000;

export interface KeptAgent {
  restart(): void;
  stop(): Promise<void>;
}

export interface KeepAgent extends AgentStart {
  /** Somebody replaces a Temporal server that is gone: an agent that finds none is started again, a few times. */
  serverIsKept: boolean;
}

/** Returns when the agent is ready. @throws why it did not become so the first time */
export const keepAgent = async ({ serverIsKept, ...given }: KeepAgent): Promise<KeptAgent> => {
  const stopped = new AbortController();
  const start = { ...given, stop: AbortSignal.any([given.stop, stopped.signal]) };
  let agent: Agent | null = await startFirst(start, serverIsKept ? FIRST_TRIES : 1);
  start.say(`agent ready (process ${agent.pid})`);

  const keep = async (): Promise<void> => {
    let wait = FIRST_WAIT_MS;
    while (!stopped.signal.aborted) {
      const since = Date.now();
      const reason = agent === null ? 'did not start' : `ended (${describeExit(await agent.exited)})`;
      if (Date.now() - since > GOOD_LIFE_MS) wait = FIRST_WAIT_MS;
      if (stopped.signal.aborted) return;
      start.say(`the agent ${reason}; starting it again in ${wait / 1000} s`);
      await delay(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      if (!stopped.signal.aborted) agent = await startAgain(start);
    }
  };
  const keeping = keep();

  return {
    restart: () => void agent?.stop(),
    stop: async () => {
      stopped.abort();
      await agent?.stop();
      await keeping;
      await agent?.stop();
    },
  };
};

const FIRST_TRIES = 5;

/** @throws also when it is told to stop meanwhile */
const startFirst = async (start: AgentStart, tries: number): Promise<Agent> => {
  try {
    return await startAgent(start);
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code !== 'TEMPORAL_UNREACHABLE' || tries === 1 || start.stop.aborted) throw error;
    start.say(`the agent did not start: ${message}; starting it again`);
    await delay(FIRST_WAIT_MS, undefined, { signal: start.stop });
    return startFirst(start, tries - 1);
  }
};

const startAgain = async (start: AgentStart): Promise<Agent | null> => {
  try {
    const agent = await startAgent(start);
    start.say(`agent ready (process ${agent.pid})`);
    return agent;
  } catch (error) {
    const { message, hint } = asFailure(error);
    start.say(`error: ${message}`);
    start.say(`hint: ${hint}`);
    return null;
  }
};
