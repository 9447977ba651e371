// A command's connection to the server whose schedules start runs. It starts none: one that only serves a command holds them back.
import type { Client } from '@temporalio/client';
import type { Config } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { connectTemporal } from '../../temporal/client.js';
import { readServerRecord } from '../../temporal/server-record.js';
import { runFailure } from '../workflow-failure.js';

/** @throws TEMPORAL_UNREACHABLE */
export const withSchedules = async <T>(config: Config, act: (client: Client) => Promise<T>): Promise<T> => {
  const temporal = await connectToSchedules(config);
  try {
    return await act(temporal.client);
  } catch (thrown) {
    throw runFailure(thrown);
  } finally {
    await temporal.close();
  }
};

/** null: no server runs whose schedules start anything. */
export const ifSchedules = async <T>(
  config: Config,
  act: (client: Client) => Promise<T>,
): Promise<T | null> => {
  try {
    return await withSchedules(config, act);
  } catch (error) {
    if (config.temporal.kind === 'embedded' && asFailure(error).code === 'TEMPORAL_UNREACHABLE') return null;
    throw error;
  }
};

const connectToSchedules = async (config: Config) => {
  if (config.temporal.kind === 'embedded') {
    const record = await readServerRecord(config.state);
    if (record?.ready !== true || !record.schedules) throw nobody();
  }
  return connectTemporal(config);
};

const nobody = (): Failure =>
  new Failure('TEMPORAL_UNREACHABLE', 'nothing runs by itself now: the server of holdfast up does not run', {
    hint: 'start it: holdfast up; it applies the schedules of holdfast.yaml',
  });
