// The agent: the process on a host that does the work. It serves the queues of its name until SIGTERM, or until its
// stdin ends when a supervisor holds it; at its start and every minute it settles what was interrupted.
import { fstatSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { signingKey } from './catalog/signing-key.js';
import { loadConfig } from './config/load.js';
import { runEffect } from './domain/effect.js';
import { asFailure, exitCodeOf } from './domain/failure.js';
import { lockStateFolder } from './operations/agent/agent-lock.js';
import { createFence } from './operations/agent/fence.js';
import { giveBackMemory } from './operations/agent/idle-memory.js';
import { instanceId } from './operations/agent/instance.js';
import { endOrphans } from './operations/agent/processes.js';
import { createSlots } from './operations/agent/slots.js';
import { createTurns } from './operations/agent/turns.js';
import { guardAgain } from './operations/guard.js';
import { createLogPusher } from './operations/log/log-push.js';
import { createTeller } from './operations/notify/tell.js';
import { createUntold } from './operations/notify/untold.js';
import { reclaimRepositories } from './operations/prune/reclaim.js';
import { listOperations } from './operations/record.js';
import { type SettleOptions, settleAll } from './operations/settle-all.js';
import { createStateFolder } from './operations/state-folder.js';
import { notePauses } from './operations/status/pauses.js';
import { sweepSidecars } from './operations/sweep-sidecars.js';
import { BACKUP_TRANSFERS, createAgentWorkers } from './temporal/agent-workers.js';
import { connectTemporal, temporalAddress } from './temporal/client.js';
import { pausedSchedules } from './temporal/paused-schedules.js';
import { runEndOf, runStateOf } from './temporal/run-state.js';

const SETTLE_EVERY_MS = 60_000;

/** An agent that ends tells what it can within so long. */
const TELL_WITHIN_MS = 5_000;

const main = async (): Promise<void> => {
  const stop = stopSignal();
  const config = await loadConfig();
  await createStateFolder(config.state);
  const lock = await lockStateFolder(config.state, 'agent');
  await endOrphans(config.state);
  await guardAgain(config.state).catch((error: unknown) => say(`no guard: ${asFailure(error).message}`));
  Runtime.install({
    logger: new DefaultLogger('WARN', log),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
    shutdownSignals: [],
  });
  const { options, namespace } = await temporalAddress(config);
  const { client, close } = await connectTemporal(config);
  const connection = await NativeConnection.connect(options);
  const home = { temporal: config.temporal.kind === 'embedded' ? 'embedded' : options.address, namespace };
  const instance = await instanceId(config.state);
  await signingKey(config.state);
  const configured = () => loadConfig({ file: config.file });
  const host = {
    state: config.state,
    instance,
    effect: runEffect,
    fence: createFence(),
    pushLog: createLogPusher({ state: config.state, instance, loadConfig: configured }),
  };
  const now = () => new Date();
  const teller = createTeller({ ...host, config, loadConfig: configured, say, now });
  const runState = runStateOf(client, home);
  const dependencies = {
    ...host,
    tell: teller.tell,
    backupSlots: createSlots(BACKUP_TRANSFERS),
    copyTurns: createTurns(),
    loadConfig: configured,
    temporal: home,
    runState,
  };
  const workers = await createAgentWorkers(connection, { agent: config.agent, namespace, dependencies });
  const settling = settleOften(stop, () => {
    // Nothing waits for Docker: where it does not answer, it is asked again a minute later.
    void sweepSidecars(host, config).catch(() => undefined);
    return settleAll({ ...host, tell: teller.tell }, { runState, say, now });
  });
  const untold = createUntold(teller, {
    state: config.state,
    configured,
    runEnd: runEndOf(client, home),
    now,
  });
  void settleOften(stop, untold);
  // What is paused is the server's to say: while it says nothing, what was last seen stands.
  void settleOften(stop, async () => {
    const paused = await pausedSchedules(client, await configured()).catch(() => null);
    if (paused !== null) await notePauses(config.state, paused, now());
  });
  // Nothing waits for it, and what it has freed stays freed when the agent ends.
  void settleOften(stop, async () => {
    const present = await dependencies.loadConfig();
    await reclaimRepositories(host, { config: present, say, now });
  });
  void giveBackMemory(async () => (await listOperations(config.state)).length === 0, stop);
  const running = workers.run(stop);
  process.stdout.write('ready\n');
  await running;
  await settling;
  await teller.close(TELL_WITHIN_MS);
  await connection.close();
  await close();
  await lock.release();
};

/** That the transfer worker serves no workflows is meant so. */
const log = ({ level, message }: { level: string; message: string }): void => {
  if (!message.startsWith('No workflows registered')) process.stderr.write(`${level}: ${message}\n`);
};

const say: SettleOptions['say'] = (line) => process.stdout.write(`${line}\n`);

/** One at a time, now and a minute after each end. */
const settleOften = async (stop: AbortSignal, act: () => Promise<void>): Promise<void> => {
  while (!stop.aborted) {
    await act().catch((error: unknown) =>
      say(`not settled, tried again in a minute: ${asFailure(error).message}`),
    );
    await pause(SETTLE_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
};

const stopSignal = (): AbortSignal => {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // A supervisor holds the other end of a pipe; a terminal or /dev/null is nobody.
  const held = fstatSync(0).isFIFO() || fstatSync(0).isSocket();
  if (held) process.stdin.resume().once('end', () => stop.abort());
  return stop.signal;
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const failure = asFailure(error);
    process.stderr.write(`${failure.evidence ?? ''}\nerror: ${failure.message}\nhint: ${failure.hint}\n`);
    process.exit(exitCodeOf(failure));
  },
);
