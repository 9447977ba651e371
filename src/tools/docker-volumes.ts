// Named volumes: where they are on this host.
import { z } from 'zod';
import { docker } from './docker-call.js';

/** The folder on the host that holds the volume's files. @throws UNKNOWN_VOLUME */
export const volumeMountpoint = async (name: string): Promise<string> => {
  const [volume] = inspected.parse(JSON.parse(await docker(['volume', 'inspect', name])));
  return volume.Mountpoint;
};

const inspected = z.tuple([z.object({ Mountpoint: z.string() })]);
