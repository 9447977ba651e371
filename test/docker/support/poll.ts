// A client of the application: it asks every 20 ms and notes when it was served. A connection is made anew each time.
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Seen {
  /** The longest time between two good answers. */
  downtimeMs: number;
  good: number;
  /** Refused, reset, too late, or not 200. */
  bad: number;
}

const EVERY_MS = 20;

/** Stopped, it has been served once more. */
export const poll = (url: string): { stop(): Promise<Seen> } => {
  const seen: Seen = { downtimeMs: 0, good: 0, bad: 0 };
  let stopping = false;
  let servedAt = performance.now();
  const asking = (async () => {
    for (let over = false; !over; await pause(EVERY_MS)) {
      over = stopping;
      const good = await isServed(url);
      seen[good ? 'good' : 'bad'] += 1;
      if (!good) over = false;
      if (!good) continue;
      seen.downtimeMs = Math.max(seen.downtimeMs, performance.now() - servedAt);
      servedAt = performance.now();
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await asking;
      return seen;
    },
  };
};

const isServed = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
