// Clients of an application: each asks again and again, and connects anew when its connection is lost.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster } from './postgres-cluster.js';

export interface ClientsEnd {
  /** The longest time that one of them went without an answer. */
  longestOutageMs: number;
  /** What they saw besides answers, lost connections and a closed door. */
  unexpected: string[];
}

/** Stopped, each of them has had an answer once more. */
export const connectAgainAndAgain = (cluster: Cluster, database: string, count: number) => {
  let stopping = false;
  const end: ClientsEnd = { longestOutageMs: 0, unexpected: [] };
  const live = async (): Promise<void> => {
    let answered = Date.now();
    const onAnswer = () => {
      end.longestOutageMs = Math.max(end.longestOutageMs, Date.now() - answered);
      answered = Date.now();
    };
    for (let over = false; !over; await pause(5)) {
      try {
        await askUntil(() => stopping, { cluster, database, onAnswer });
        over = true;
      } catch (error) {
        if (!PASSING.test(String(error))) end.unexpected.push(String(error));
        over = Date.now() - answered > 20_000;
        if (over) end.unexpected.push(`no answer for 20 s: ${error}`);
      }
    }
  };
  const all = Promise.all(Array.from({ length: count }, live));
  return {
    stop: async (): Promise<ClientsEnd> => {
      stopping = true;
      await all;
      return end;
    },
  };
};

interface Asking {
  cluster: Cluster;
  database: string;
  onAnswer: () => void;
}

/** At least once. Throws when the connection is lost. */
const askUntil = async (isOver: () => boolean, { cluster, database, onAnswer }: Asking): Promise<void> => {
  const client = new pg.Client({ connectionString: cluster.url(database) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (let over = false; !over; await pause(5)) {
      over = isOver();
      await client.query('select count(*) from documents');
      onAnswer();
    }
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Ended by the administrator, not accepting connections, renamed at this moment. */
const PASSING =
  /terminating connection|Connection terminated|not currently accepting connections|does not exist|ECONNRESET|EPIPE|not queryable/;
