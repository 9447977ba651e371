// Does Temporal answer, and does an agent serve this configuration's queue? Looks only; starts nothing.
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { asFailure } from '../domain/failure.js';
import type { Finding, FindingLevel } from '../domain/findings.js';
import { taskQueue } from '../domain/queues.js';
import { isLocked } from '../operations/agent/agent-lock.js';
import { findTemporalCli } from '../temporal/cli-binary.js';
import { connectTemporal } from '../temporal/client.js';
import { isPolled } from '../temporal/pollers.js';
import { runFailure } from './workflow-failure.js';

type Served = Pick<Config, 'agent' | 'state' | 'temporal'>;

/** @param withinMs an agent that starts, restarts or ends just now has done so by then */
export const checkAgent = (config: Served, withinMs = 15_000): Promise<Finding> =>
  config.temporal.kind === 'embedded' ? lookUntilSettled(config, withinMs) : look(config);

const LOOK_EVERY_MS = 200;

/** Where nobody serves nothing is wrong: a command starts server and agent for as long as it needs them. */
const lookUntilSettled = async (config: Served, withinMs: number): Promise<Finding> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look(config);
    if (found.level === 'ok') return found;
    if (!(await isLocked(config.state, 'supervisor'))) return await lookWhetherOneStarts();
    if (Date.now() > deadline) return found;
    await delay(LOOK_EVERY_MS);
  }
};

/** Without the program of the embedded server no command starts one. */
const lookWhetherOneStarts = async (): Promise<Finding> => {
  try {
    await findTemporalCli();
    return finding('ok', 'no agent runs now; commands start one when they need it', START);
  } catch (thrown) {
    const { message, hint } = asFailure(thrown);
    return finding('problem', `no agent runs now, and none can start: ${message}`, hint);
  }
};

const look = async (config: Served): Promise<Finding> => {
  try {
    const temporal = await connectTemporal(config);
    try {
      const queue = taskQueue(config.agent);
      if (await isPolled(temporal.client, queue))
        return finding('ok', `Temporal answers at ${temporal.address} and an agent serves ${queue}`, '');
      return finding(
        'problem',
        `Temporal answers at ${temporal.address}, but no agent serves ${queue}`,
        START,
      );
    } finally {
      await temporal.close();
    }
  } catch (thrown) {
    const { message, hint } = runFailure(thrown);
    return finding('problem', message, hint);
  }
};

const START = 'holdfast up starts one and keeps it running';

const finding = (level: FindingLevel, message: string, hint: string): Finding => ({
  area: 'BACKUP_SYSTEM',
  level,
  message,
  hint,
});
