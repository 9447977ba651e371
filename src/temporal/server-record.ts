// state/temporal/server.json: which server runs for this state folder and where it listens. It stays when the server
// stops, so that the next one takes the same ports and the same Host name.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, replaceJson } from '../operations/state-folder.js';
import { processStartTime } from '../tools/process-group.js';

export const EMBEDDED_NAMESPACE = 'holdfast';

const portSchema = z.number().int().min(1).max(65535);

export const serverRecordSchema = z.strictObject({
  pid: z.number().int().positive(),
  startTime: z.string(),
  port: portSchema,
  httpPort: portSchema,
  /** Of the door that people use; the UI itself listens behind it. */
  uiPort: portSchema,
  ui: z.strictObject({ host: z.ipv4(), port: portSchema }),
  /** Of the Temporal CLI that opened the database file last. */
  version: z.string(),
  /** The HTTP API answers to no other Host: a web page can guess the port, but not this. */
  httpHost: z.string(),
  /** Whether its schedules start runs: not those of a server that only serves commands. */
  schedules: z.boolean().default(true),
  /** False until the server answered for the first time; nobody may rely on it before. */
  ready: z.boolean(),
});
export type ServerRecord = z.infer<typeof serverRecordSchema>;

const serverFolder = (state: string): string => join(state, 'temporal');
export const databaseFile = (state: string): string => join(serverFolder(state), 'temporal.db');
export const serverLog = (state: string): string => join(serverFolder(state), 'server.log');

/** Private to this user: whoever reads server.json can start a restore over HTTP. */
export const createServerFolder = async (state: string): Promise<void> => {
  await mkdir(serverFolder(state), { recursive: true, mode: 0o700 });
  await chmod(serverFolder(state), 0o700);
};

/** null when there is none; a damaged one counts as none. */
export const readServerRecord = async (state: string): Promise<ServerRecord | null> => {
  const stored = await readJson(recordFile(state)).catch(() => null);
  return serverRecordSchema.safeParse(stored).data ?? null;
};

export const writeServerRecord = (state: string, record: ServerRecord): Promise<void> =>
  replaceJson(recordFile(state), record);

/** The recorded process itself, not another one that got its pid. */
export const isServerProcessAlive = async ({ pid, startTime }: ServerRecord): Promise<boolean> =>
  startTime !== '' && (await processStartTime(pid)) === startTime;

export const addressOf = ({ port }: Pick<ServerRecord, 'port'>): string => `127.0.0.1:${port}`;
export const uiUrlOf = ({ uiPort }: Pick<ServerRecord, 'uiPort'>): string => `http://127.0.0.1:${uiPort}`;

const recordFile = (state: string): string => join(serverFolder(state), 'server.json');
