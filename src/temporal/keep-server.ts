// Keeps the embedded server running: looks whether it lives every second and whether it answers every five, and replaces one
// that does not.
import { setTimeout as delay } from 'node:timers/promises';
import { asFailure, Failure } from '../domain/failure.js';
import { type EmbeddedServer, ensureEmbeddedServer, stopEmbeddedServer } from './embedded-server.js';
import { isAnswering } from './server-health.js';
import {
  addressOf,
  isServerProcessAlive,
  readServerRecord,
  uiUrlOf,
  writeServerRecord,
} from './server-record.js';
import { type Door, openDoor } from './ui-door.js';

const LIFE_EVERY_MS = 1000;
const HEALTH_EVERY = 5;

export interface KeptServer {
  /** Called when the server was replaced, `moved` when it listens elsewhere now. */
  onReplaced(act: (moved: boolean) => void): void;
  stop(): Promise<void>;
}

export interface KeepServer {
  state: string;
  /** Whether its schedules start runs. */
  schedules: boolean;
  say: (line: string) => void;
}

export const keepServer = async ({ state, schedules, say }: KeepServer): Promise<KeptServer> => {
  const stopped = new AbortController();
  let replaced: (moved: boolean) => void = () => undefined;
  let server = await ensureEmbeddedServer(state, { schedules });
  let door = await openUi(state);
  announce(server, door, say);

  const replace = async (reason: string): Promise<void> => {
    say(`the Temporal server ${reason}`);
    const before = server.address;
    server = await ensureEmbeddedServer(state, { schedules });
    await door.close();
    door = await openUi(state);
    announce(server, door, say);
    replaced(server.address !== before);
  };
  const watching = watch({ state, say, stopped: stopped.signal, replace });

  return {
    onReplaced: (act) => {
      replaced = act;
    },
    stop: async () => {
      stopped.abort();
      await watching;
      await door.close();
      await stopEmbeddedServer(state);
    },
  };
};

interface Watch extends Pick<KeepServer, 'state' | 'say'> {
  stopped: AbortSignal;
  replace: (reason: string) => Promise<void>;
}

const watch = async ({ state, say, stopped, replace }: Watch): Promise<void> => {
  for (let round = 1; await pause(LIFE_EVERY_MS, stopped); round += 1) {
    const sickness = await findSickness(state, round % HEALTH_EVERY === 0);
    if (sickness === null || stopped.aborted) continue;
    await replace(sickness).catch((error: unknown) =>
      say(`error: ${asFailure(error).message}; trying again`),
    );
  }
};

const findSickness = async (state: string, thorough: boolean): Promise<string | null> => {
  const record = await readServerRecord(state);
  if (record === null || !(await isServerProcessAlive(record))) return 'is gone';
  return thorough && !(await isAnswering(addressOf(record))) ? 'does not answer' : null;
};

/** False when it was told to stop. */
const pause = (ms: number, stopped: AbortSignal): Promise<boolean> =>
  delay(ms, true, { signal: stopped }).catch(() => false);

/** What people are told is where the door is: its port may be another one than last time. */
const openUi = async (state: string): Promise<Door> => {
  const record = await readServerRecord(state);
  if (record === null)
    throw new Failure('TEMPORAL_UNREACHABLE', 'the embedded Temporal server is gone again');
  const door = await openDoor(record.uiPort, record.ui);
  if (door.port !== record.uiPort) await writeServerRecord(state, { ...record, uiPort: door.port });
  return door;
};

const announce = (
  { adopted, pid, notices }: EmbeddedServer,
  { port }: Door,
  say: (line: string) => void,
): void => {
  for (const notice of notices) say(`warning: ${notice}`);
  say(
    `Temporal server ${adopted ? 'adopted' : 'started'} (process ${pid}); its UI: ${uiUrlOf({ uiPort: port })}`,
  );
};
