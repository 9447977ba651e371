// What a Compose file includes, and how its own names for files are said so that they hold from another folder too.
import { resolve } from 'node:path';
import type { ComposeShape, ServiceShape } from './compose-shape.js';

export interface Included {
  /** Absolute; the later ones count more. */
  files: string[];
  /** Where their relative paths begin, and their `.env` lies. */
  folder: string;
  /** Absolute: read instead of that `.env`; none: that one. */
  envFiles: string[];
}

/** null: something is included that is no file of this host. @param folder of the file that includes */
export const includedBy = ({ include }: ComposeShape, folder: string): Included[] | null => {
  const here = (path: string): string => resolve(folder, path);
  const found = (include ?? []).map(({ path, project_directory, env_file }): Included => {
    const files = path.map(here);
    const own = project_directory ?? resolve(files[0] ?? folder, '..');
    return { files, folder: here(own), envFiles: (env_file ?? []).map(here) };
  });
  return (include ?? []).some(({ path }) => path.some((one) => REMOTE.test(one))) ? null : found;
};

/** `oci://…`, `https://…`, `git@host:…`. */
const REMOTE = /^([a-z][a-z0-9+.-]*:\/\/|git@)/i;

/** Its relative paths as absolute ones. */
export const saidFrom = (shape: ComposeShape, folder: string): ComposeShape => ({
  ...shape,
  services: mapped(shape.services, (service) => ({
    ...service,
    env_file: service.env_file?.map((file) => resolve(folder, file)),
    volumes: service.volumes?.map((volume) => volumeFrom(volume, folder)),
  })),
  secrets: mapped(shape.secrets ?? {}, (secret) =>
    secret?.file === undefined ? secret : { ...secret, file: pathFrom(secret.file, folder) },
  ),
});

const mapped = <T>(given: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]));

type VolumeShape = NonNullable<ServiceShape['volumes']>[number];

const volumeFrom = (volume: VolumeShape, folder: string): VolumeShape => {
  if (typeof volume !== 'string')
    return volume.type === 'bind' && volume.source !== undefined
      ? { ...volume, source: pathFrom(volume.source, folder) }
      : volume;
  const [, source, target] = /^(\.[^:]*):([^:]+)/.exec(volume) ?? [];
  return source === undefined || target === undefined
    ? volume
    : { type: 'bind', source: pathFrom(source, folder), target };
};

/** The home folder is the same from everywhere. */
const pathFrom = (path: string, folder: string): string =>
  path.startsWith('~') ? path : resolve(folder, path);
