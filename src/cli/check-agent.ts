// Does Temporal answer, and does an agent serve this configuration's queue? Looks only; starts nothing.
import type { Finding } from '../activities/check-deployment.js';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { taskQueue } from '../domain/queues.js';
import { connectTemporal } from '../temporal/client.js';
import type { Session } from './session.js';
import { runFailure } from './workflow-failure.js';

export const checkAgent = async (config: Config): Promise<Finding> => {
  const temporal = await connectTemporal(config).catch((thrown: unknown) => runFailure(thrown));
  if (temporal instanceof Failure)
    return config.temporal.kind === 'embedded'
      ? notServing()
      : finding(false, temporal.message, temporal.hint);
  try {
    const queue = taskQueue(config.agent);
    if ((await countPollers(temporal, queue)) > 0)
      return finding(true, `Temporal answers at ${temporal.address} and an agent serves ${queue}`, '');
    return finding(false, `Temporal answers at ${temporal.address}, but no agent serves ${queue}`, START);
  } catch (thrown) {
    const failure = runFailure(thrown);
    return finding(false, failure.message, failure.hint);
  } finally {
    await temporal.close();
  }
};

const START = 'holdfast up starts one and keeps it running';

/** Agents poll several times a minute; the server forgets one that is gone after five. */
const SERVES_WITHIN_MS = 90_000;

const countPollers = async (
  { client, namespace }: Pick<Session, 'client' | 'namespace'>,
  queue: string,
): Promise<number> => {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: 1,
  });
  const now = Date.now();
  return (pollers ?? []).filter(
    ({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000 < SERVES_WITHIN_MS,
  ).length;
};

/** Nothing is wrong: a command starts server and agent for as long as it needs them. */
const notServing = (): Finding =>
  finding(true, 'no agent runs now; commands start one when they need it', START);

const finding = (ok: boolean, message: string, hint: string): Finding => ({
  area: 'BACKUP_SYSTEM',
  ok,
  message,
  hint,
});
