// A command needs somebody who serves: an agent that polls, and with `temporal: embedded` its server. Where nobody does, the
// command brings up `holdfast up --once`, for itself.
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { taskQueue } from '../domain/queues.js';
import { callHolder, isLocked, lockHolder } from '../operations/agent/agent-lock.js';
import type { Call } from '../operations/agent/lock-callers.js';
import { connectTemporal } from './client.js';
import { isPolled } from './pollers.js';
import { type OneTimeServer, startOnce } from './start-once.js';

const SERVES_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;

type Served = Pick<Config, 'file' | 'agent' | 'state' | 'temporal'>;

/** They serve until the call is hung up. @throws NO_AGENT, TEMPORAL_UNREACHABLE, what `up --once` failed with */
export const ensureServing = async (config: Served, say: (line: string) => void): Promise<Call> => {
  if (config.temporal.kind === 'address') return demandAgent(config);
  const deadline = Date.now() + SERVES_WITHIN_MS;
  let started: OneTimeServer | null = null;
  for (;;) {
    const call = await callServing(config);
    await started?.report();
    if (call !== null) return call;
    if (Date.now() > deadline) throw await tooLate(config);
    started = await startWhereNobodyDoes(config, started, say);
    await delay(LOOK_EVERY_MS);
  }
};

/** Another command may have been quicker: then that one's server serves this command too. */
const startWhereNobodyDoes = async (
  config: Served,
  started: OneTimeServer | null,
  say: (line: string) => void,
): Promise<OneTimeServer | null> => {
  if (started?.isRunning() === true || (await isLocked(config.state, 'supervisor'))) return started;
  const failure = await started?.failure();
  if (failure && !(await wasOvertaken(config, failure))) throw failure;
  if (started === null) say('nobody serves: starting the Temporal server and the agent for this command');
  return startOnce(config, say);
};

/** The one that was quicker is gone again by now, or an agent runs that no supervisor started. */
const wasOvertaken = async ({ state }: Served, { code }: Failure): Promise<boolean> =>
  code === 'AGENT_RUNNING' && !(await isLocked(state, 'agent'));

/** A supervisor that is about to end does not take the call: then nobody serves. */
const callServing = async (config: Served): Promise<Call | null> => {
  const call = await callHolder(config.state, 'supervisor');
  if (call === null) return null;
  const serves = (await isLocked(config.state, 'agent')) && (await hasPoller(config).catch(() => false));
  if (serves) return call;
  call.hangUp();
  return null;
};

const demandAgent = async (config: Served): Promise<Call> => {
  if (await hasPoller(config)) return { hangUp: () => undefined };
  throw new Failure('NO_AGENT', `no agent polls the task queue ${taskQueue(config.agent)}`);
};

const hasPoller = async (config: Served): Promise<boolean> => {
  const temporal = await connectTemporal(config);
  try {
    return await isPolled(temporal.client, taskQueue(config.agent));
  } finally {
    await temporal.close();
  }
};

const tooLate = async ({ state }: Served): Promise<Failure> => {
  const pid = await lockHolder(state, 'supervisor');
  const who = pid === null ? 'holdfast up' : `holdfast up (process ${pid})`;
  return new Failure('NO_AGENT', `${who} does not serve after ${SERVES_WITHIN_MS / 1000} s`, {
    hint: `read ${state}/agent.log and ${state}/temporal/server.log`,
  });
};
