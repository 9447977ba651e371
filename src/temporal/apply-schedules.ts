// The server's schedules, brought in line with the configuration.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
} from '@temporalio/client';
import type { Config } from '../config/config.js';
import { digestOf } from '../config/digest.js';
import { type ExistingSchedule, type Reconciled, reconcile } from './reconcile.js';
import { factsOf } from './schedule-facts.js';
import { scheduleOptions } from './schedule-options.js';
import { schedulePrefix, type WantedSchedule, wantedSchedules } from './wanted-schedules.js';

export interface FoundSchedule extends Reconciled {
  /** null: the server has none. */
  description: ScheduleDescription | null;
}

type Asked = Pick<Config, 'agent' | 'timezone' | 'routines'>;

/** Looks only. */
export const compareSchedules = async (client: Client, config: Asked): Promise<FoundSchedule[]> => {
  const wanted = wantedSchedules(config);
  const ids = new Set([...wanted.map(({ id }) => id), ...(await listed(client, config.agent))]);
  const described = await describeAll(client, [...ids]);
  const existing = [...described].map(([id, description]) => existingOf(id, description));
  return reconcile(wanted, existing).map((one) => ({
    ...one,
    description: described.get(one.id) ?? null,
  }));
};

/**
 * Safe to repeat; what is equal is not written, since the server forgets what was due before a change.
 * @param mend also puts right what somebody edited
 */
export const applySchedules = async (
  client: Client,
  found: readonly Reconciled[],
  { mend }: { mend: boolean },
): Promise<void> => {
  for (const { id, verdict, wanted } of found) {
    if (verdict === 'create' && wanted !== null)
      await unless(ScheduleAlreadyRunning, () =>
        client.schedule.create({ scheduleId: id, ...scheduleOptions(wanted) }),
      );
    else if (wanted !== null && (verdict === 'update' || (verdict === 'drifted' && mend)))
      await update(client, wanted);
    else if (verdict === 'remove')
      await unless(ScheduleNotFoundError, () => client.schedule.getHandle(id).delete());
  }
};

/** `up` and `schedules apply` may be at it at once: then the other one has done it. */
const unless = async (done: typeof ScheduleAlreadyRunning, act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof done)) throw error;
  }
};

/** Whoever paused it finds it paused. */
const update = async (client: Client, wanted: WantedSchedule): Promise<void> => {
  const { memo: _, ...options } = scheduleOptions(wanted);
  await client.schedule.getHandle(wanted.id).update(({ state }) => ({ ...options, state }));
  await untilSeen(client, wanted.id, (now) => digestOf(factsOf(now)) === wanted.fingerprint);
};

export const setPaused = async (
  client: Client,
  id: string,
  { paused, note }: { paused: boolean; note: string },
): Promise<void> => {
  const handle = client.schedule.getHandle(id);
  await (paused ? handle.pause(note) : handle.unpause(note));
  await untilSeen(client, id, ({ state }) => state.paused === paused);
};

const SEEN_WITHIN_MS = 10_000;

/** The server answers before it has done what it was told: whoever looks right after should see it done. */
const untilSeen = async (
  client: Client,
  id: string,
  holds: (description: ScheduleDescription) => boolean,
): Promise<void> => {
  for (const until = Date.now() + SEEN_WITHIN_MS; Date.now() < until; await delay(50)) {
    const now = await describe(client, id);
    if (now === null || holds(now)) return;
  }
};

/** The list lags behind by a moment, so those that are wanted are asked for by their ids. */
const listed = async (client: Client, agent: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(schedulePrefix(agent))) ids.push(scheduleId);
  return ids;
};

const AT_A_TIME = 10;

const describeAll = async (client: Client, ids: readonly string[]) => {
  const found = new Map<string, ScheduleDescription>();
  for (let begin = 0; begin < ids.length; begin += AT_A_TIME)
    await Promise.all(
      ids.slice(begin, begin + AT_A_TIME).map(async (id) => {
        const description = await describe(client, id);
        if (description !== null) found.set(id, description);
      }),
    );
  return found;
};

const describe = async (client: Client, id: string): Promise<ScheduleDescription | null> => {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
};

const existingOf = (id: string, description: ScheduleDescription): ExistingSchedule => ({
  id,
  owner: textIn(description.memo, 'owner'),
  fingerprint: textIn(description.action.memo, 'fingerprint'),
  facts: factsOf(description),
  paused: description.state.paused,
  note: description.state.note ?? '',
});

const textIn = (memo: Record<string, unknown> | undefined, key: string): string | null => {
  const text = memo?.[key];
  return typeof text === 'string' ? text : null;
};
