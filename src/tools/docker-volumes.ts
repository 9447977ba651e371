// Named volumes: where they are on this host.
import { z } from 'zod';
import { docker } from './docker-call.js';

export interface Volume {
  /** The folder on the host that holds its files. */
  mountpoint: string;
  driver: string;
  /** What is mounted there while a container uses it: a folder, a share. null: its files simply lie there. */
  device: string | null;
}

/** @throws UNKNOWN_VOLUME */
export const inspectVolume = async (name: string): Promise<Volume> => {
  const [{ Mountpoint, Driver, Options }] = inspected.parse(
    JSON.parse(await docker(['volume', 'inspect', name])),
  );
  return { mountpoint: Mountpoint, driver: Driver, device: Options?.device ?? null };
};

const inspected = z.tuple([
  z.object({
    Mountpoint: z.string(),
    Driver: z.string(),
    Options: z.record(z.string(), z.string()).nullish(),
  }),
]);
