// Does Temporal answer, and does an agent serve this configuration's queue? Looks only; starts nothing.
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Finding, FindingLevel } from '../domain/findings.js';
import { taskQueue } from '../domain/queues.js';
import { connectTemporal } from '../temporal/client.js';
import { isPolled } from '../temporal/pollers.js';
import { runFailure } from './workflow-failure.js';

export const checkAgent = async (config: Config): Promise<Finding> => {
  const temporal = await connectTemporal(config).catch((thrown: unknown) => runFailure(thrown));
  if (temporal instanceof Failure)
    return config.temporal.kind === 'embedded'
      ? notServing()
      : finding('problem', temporal.message, temporal.hint);
  try {
    const queue = taskQueue(config.agent);
    if (await isPolled(temporal.client, queue))
      return finding('ok', `Temporal answers at ${temporal.address} and an agent serves ${queue}`, '');
    return finding('problem', `Temporal answers at ${temporal.address}, but no agent serves ${queue}`, START);
  } catch (thrown) {
    const failure = runFailure(thrown);
    return finding('problem', failure.message, failure.hint);
  } finally {
    await temporal.close();
  }
};

const START = 'holdfast up starts one and keeps it running';

/** Nothing is wrong: a command starts server and agent for as long as it needs them. */
const notServing = (): Finding =>
  finding('ok', 'no agent runs now; commands start one when they need it', START);

const finding = (level: FindingLevel, message: string, hint: string): Finding => ({
  area: 'BACKUP_SYSTEM',
  level,
  message,
  hint,
});
