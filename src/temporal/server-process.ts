// Starts the embedded server once and waits until it answers, or says why it does not.
import { setTimeout as delay } from 'node:timers/promises';
import { baseEnvironment } from '../config/environment.js';
import { type Daemon, startDaemon } from '../tools/daemon.js';
import { killProcessGroup } from '../tools/process-group.js';
import { isAnswering, isCalled } from './server-health.js';
import { logTail, readLog, type StartProblem, startProblem } from './server-log.js';
import type { ServerPorts } from './server-ports.js';
import {
  addressOf,
  databaseFile,
  EMBEDDED_NAMESPACE,
  type ServerRecord,
  serverLog,
  writeServerRecord,
} from './server-record.js';

const START_WITHIN_MS = 60_000;

export interface ServerStart {
  state: string;
  program: string;
  version: string;
  httpHost: string;
  ports: ServerPorts;
  /** Whether its schedules start runs. */
  schedules: boolean;
}

export type StartOutcome =
  | { kind: 'started'; record: ServerRecord }
  | { kind: 'failed'; problem: StartProblem; log: string };

/** It outlives this process. Where it did not start, nothing of it runs any more. */
export const startServer = async (start: ServerStart): Promise<StartOutcome> => {
  const { state, ports, version, httpHost, schedules } = start;
  const daemon = await startDaemon({
    program: start.program,
    args: serverArguments(start),
    env: baseEnvironment(),
    log: serverLog(state),
    life: 'own',
  });
  const { pid, startTime } = daemon;
  const record: ServerRecord = { pid, startTime, ...ports, version, httpHost, schedules, ready: false };
  await writeServerRecord(state, record);
  if (await answers(daemon, record)) return { kind: 'started', record };
  await killProcessGroup(daemon);
  const problem = startProblem(await readLog(serverLog(state)));
  return { kind: 'failed', problem, log: await logTail(serverLog(state)) };
};

/**
 * The write-ahead log with full synchronisation is as safe as SQLite's default, and a third faster. Schedules are runs of the
 * server's own workers: without these they stand still, and what was due meanwhile is caught up by the next server that has them.
 */
const serverArguments = ({ state, ports, httpHost, schedules }: ServerStart): string[] => [
  ...['server', 'start-dev', '--ip', '127.0.0.1', '--namespace', EMBEDDED_NAMESPACE],
  ...['--port', `${ports.port}`, '--http-port', `${ports.httpPort}`],
  ...['--ui-ip', ports.ui.host, '--ui-port', `${ports.ui.port}`],
  ...['--db-filename', databaseFile(state)],
  ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2'],
  ...['--dynamic-config-value', `frontend.httpAllowedHosts=${JSON.stringify([httpHost])}`],
  ...(schedules ? [] : ['--dynamic-config-value', 'worker.perNamespaceWorkerCount=0']),
  ...['--ui-disable-news-fetch', '--log-level', 'warn'],
];

/** Two that start at the same moment may have chosen the same port: the one that answers there must be this one. */
const answers = async (daemon: Daemon, record: ServerRecord): Promise<boolean> => {
  const deadline = Date.now() + START_WITHIN_MS;
  while (daemon.exit() === null && Date.now() < deadline) {
    if ((await isAnswering(addressOf(record))) && (await isCalled(record))) return daemon.exit() === null;
    await delay(25);
  }
  return false;
};
