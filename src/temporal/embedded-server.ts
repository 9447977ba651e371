// The embedded Temporal server of a state folder: one that is healthy is adopted, one that is sick or gone is replaced, and a
// history that does not open is moved aside. Only the holder of the supervisor's lock calls this.
import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../domain/failure.js';
import { killProcessGroup } from '../tools/process-group.js';
import { findTemporalCli, temporalCliVersion } from './cli-binary.js';
import { beginCreation, endCreation, keepForVersion, moveDatabaseAside } from './server-database.js';
import { isHealthy } from './server-health.js';
import { ensureRetention } from './server-namespace.js';
import { choosePorts, USUAL_PORTS } from './server-ports.js';
import { startServer } from './server-process.js';
import {
  addressOf,
  createServerFolder,
  EMBEDDED_NAMESPACE,
  isServerProcessAlive,
  readServerRecord,
  type ServerRecord,
  serverLog,
  writeServerRecord,
} from './server-record.js';
import { endStrayServers } from './stray-servers.js';

export interface EmbeddedServer {
  address: string;
  namespace: string;
  httpUrl: string;
  /** The only Host that the HTTP API answers to: a secret. */
  httpHost: string;
  pid: number;
  /** Whether it ran already. */
  adopted: boolean;
  /** What a person should know: `the history did not open and was moved to …`. */
  notices: string[];
}

/**
 * @param schedules whether its schedules start runs; a server that was started otherwise is replaced
 * @throws TOOL_MISSING, TEMPORAL_UNREACHABLE; nothing runs then
 */
export const ensureEmbeddedServer = async (
  stateFolder: string,
  { schedules = true }: { schedules?: boolean } = {},
): Promise<EmbeddedServer> => {
  await createServerFolder(stateFolder);
  const state = await realpath(stateFolder);
  const last = await readServerRecord(state);
  if (last !== null && last.schedules === schedules && (await isRunningWell(last)))
    return announce(state, last, { adopted: true, notices: [] });
  if (last !== null) await killProcessGroup(last);
  await endStrayServers(state);
  const { record, notices } = await startFresh(state, last, schedules);
  return announce(state, record, { adopted: false, notices });
};

/** Its own process runs and its address answers. */
const isRunningWell = async (record: ServerRecord): Promise<boolean> =>
  (await isServerProcessAlive(record)) && (await isHealthy(addressOf(record)));

/** SIGTERM, ten seconds, SIGKILL. */
export const stopEmbeddedServer = async (stateFolder: string): Promise<void> => {
  const record = await readServerRecord(stateFolder);
  if (record === null || !(await isServerProcessAlive(record))) return;
  process.kill(record.pid, 'SIGTERM');
  for (let waited = 0; waited < 10_000 && (await isServerProcessAlive(record)); waited += 50) await delay(50);
  await killProcessGroup(record);
};

/** It may be told to others now. */
const announce = async (
  state: string,
  record: ServerRecord,
  rest: Pick<EmbeddedServer, 'adopted' | 'notices'>,
): Promise<EmbeddedServer> => {
  const address = addressOf(record);
  await ensureRetention(address);
  await endCreation(state);
  if (!record.ready) await writeServerRecord(state, { ...record, ready: true });
  const httpUrl = `http://127.0.0.1:${record.httpPort}`;
  const { httpHost, pid } = record;
  return { address, namespace: EMBEDDED_NAMESPACE, httpUrl, httpHost, pid, ...rest };
};

const startFresh = async (state: string, last: ServerRecord | null, schedules: boolean) => {
  const program = await findTemporalCli();
  const version = await temporalCliVersion(program);
  const httpHost = last?.httpHost ?? `${randomBytes(16).toString('hex')}.holdfast.invalid`;
  const notices: string[] = [];
  await beginCreation(state);
  if (last !== null && last.version !== version) await keepForVersion(state, last.version);
  const start = { state, program, version, httpHost, schedules };
  let ports = await choosePorts(last === null ? [USUAL_PORTS] : [last, USUAL_PORTS]);
  for (let tries = 1; ; tries += 1) {
    const outcome = await startServer({ ...start, ports });
    if (outcome.kind === 'started') return { record: outcome.record, notices };
    if (outcome.problem === 'other' || tries === 4) throw didNotStart(state, outcome.log);
    if (outcome.problem === 'port taken') ports = await choosePorts([]);
    else notices.push(await setHistoryAside(state));
  }
};

const setHistoryAside = async (state: string): Promise<string> => {
  const name = await moveDatabaseAside(state, new Date());
  await beginCreation(state);
  return `Temporal’s history did not open and was moved to temporal/${name}; backups are not affected`;
};

const didNotStart = (state: string, log: string): Failure =>
  new Failure('TEMPORAL_UNREACHABLE', 'the embedded Temporal server did not start', {
    hint: `read ${serverLog(state)}`,
    evidence: log,
    retryable: false,
  });
