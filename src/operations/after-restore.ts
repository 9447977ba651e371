// The commands between the swap and the services' start: migrations, a cache to clear. They have run when the record says so.
import { stopAll } from '../services/service.js';
import { processRegister } from './agent/processes.js';
import type { Host } from './context.js';
import { hookFacts } from './hook-facts.js';
import { runHooks } from './hooks.js';
import { type OperationRecord, readRecord, writeRecord } from './record.js';

/** After a crash they run again from the first one. @throws HOOK_FAILED */
export const afterRestore = async (
  record: OperationRecord,
  host: Host,
  signal: AbortSignal,
): Promise<void> => {
  const { hooks, forwardWithinMs } = record.settings.deployment;
  if (record.hooksDone || hooks.afterRestore.length === 0) return;
  // What an engine's restart brought up meanwhile must not run into them.
  if (record.services !== null) await stopAll(record.services.units, host.effect);
  await runHooks(hooks.afterRestore, {
    name: 'afterRestore',
    facts: await hookFacts(record, host),
    signal,
    processes: processRegister(host.state),
    effect: host.effect,
    timeoutMs: forwardWithinMs,
  });
  const now = (await readRecord(host.state, record.deployment)) ?? record;
  await writeRecord(host.state, { ...now, hooksDone: true }, host.effect);
};
