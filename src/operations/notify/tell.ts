// Tells somebody what happened. Durable when it returns; delivered in the background and again every minute, to each notifier
// by itself. Whoever tells neither fails nor waits by it.
import type { Config } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { type Happening, type NotifyEvent, titleOf } from '../../domain/events.js';
import { asFailure } from '../../domain/failure.js';
import { createTurns } from '../agent/turns.js';
import type { Tell } from '../context.js';
import { deliverWaiting } from './deliver.js';
import { findHeirs } from './heirs.js';
import type { OutboxEntry } from './outbox.js';
import { MOST_WAITING, put } from './put.js';
import { surroundingsOf } from './surroundings.js';

export interface Teller {
  tell: Tell;
  /** Delivers what waits, as far as its time has come; resolves when all that is under way has ended. */
  deliver: () => Promise<void>;
  /** The same within a time limit, and nothing is begun after it: for an agent that ends. */
  close: (withinMs: number) => Promise<void>;
}

export interface TellerOptions {
  state: string;
  effect: Effect;
  /** The last one that could be read. A broken holdfast.yaml is itself something to be told of. */
  config: Config;
  loadConfig: () => Promise<Config>;
  say: (line: string) => void;
  now: () => Date;
}

/** One for each agent: nobody else changes the outbox. */
export const createTeller = (options: TellerOptions): Teller => {
  const { state, effect, say, now } = options;
  let known = options.config;
  const config = async (): Promise<Config> => {
    known = await options.loadConfig().catch(() => known);
    return known;
  };
  const turns = createTurns();
  const never = new AbortController().signal;
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => turns.take('outbox', never, act);
  const stop = new AbortController();
  const complete = completing(config);
  const host = { state, effect, now, complete, inTurn, stop: stop.signal };
  const running = new Map<string, { again: boolean; ended: Promise<void> }>();

  const start = (settings: Config['notify'][number]): Promise<void> => {
    const at = running.get(settings.id);
    if (at !== undefined) {
      at.again = true;
      return at.ended;
    }
    const job = { again: false, ended: Promise.resolve() };
    running.set(settings.id, job);
    job.ended = (async () => {
      do {
        job.again = false;
        await deliverWaiting(settings, host).catch((error: unknown) =>
          say(`${settings.name}: not told, tried again in a minute: ${asFailure(error).message}`),
        );
      } while (job.again && !stop.signal.aborted);
      running.delete(settings.id);
    })();
    return job.ended;
  };
  const deliver = async (): Promise<void> => {
    const { notify } = await config();
    await inTurn(() => findHeirs({ state, effect, say }, notify));
    await Promise.all(notify.map(start));
  };
  return {
    tell: async (happening) => {
      try {
        const { notify } = await config();
        await inTurn(() => put(happening, { state, effect, notify }));
      } catch (error) {
        say(`not told, or not noted for status: ${asFailure(error).message}`);
      }
      void deliver().catch(() => undefined);
    },
    deliver,
    close: async (withinMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([deliver().catch(() => undefined), late]);
      clearTimeout(timer);
      stop.abort();
    },
  };
};

/** Looked up once an event, whoever is told. */
const completing = (config: () => Promise<Config>) => {
  const looked = new Map<string, Promise<NotifyEvent>>();
  return ({ happening }: OutboxEntry): Promise<NotifyEvent> => {
    const event = looked.get(happening.id) ?? completed(happening, config);
    looked.set(happening.id, event);
    if (looked.size > MOST_WAITING) looked.delete(looked.keys().next().value ?? '');
    return event;
  };
};

const completed = async (happening: Happening, config: () => Promise<Config>): Promise<NotifyEvent> => {
  const surroundings = await surroundingsOf(happening, await config());
  return { ...happening, ...surroundings, title: titleOf(happening, surroundings), test: false };
};
