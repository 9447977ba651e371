// Which of the configured schedules are paused: in one question, whoever paused them and wherever.
import type { Client } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { wantedSchedules } from './wanted-schedules.js';

export interface PausedSchedule {
  deployment: string;
  /** The tier, `verify` or `drill`. */
  name: string;
  /** Empty: nobody said why. */
  note: string;
}

/** In the order of the configuration. */
export const pausedSchedules = async (
  client: Client,
  config: Pick<Config, 'agent' | 'timezone' | 'routines'>,
): Promise<PausedSchedule[]> => {
  const wanted = wantedSchedules(config);
  if (wanted.length === 0) return [];
  const notes = new Map<string, string>();
  for await (const { scheduleId, state } of client.schedule.list())
    if (state.paused) notes.set(scheduleId, state.note ?? '');
  return wanted.flatMap(({ id, deployment, name }) => {
    const note = notes.get(id);
    return note === undefined ? [] : [{ deployment, name, note }];
  });
};
