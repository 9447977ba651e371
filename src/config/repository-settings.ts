// Where backups are kept: one shape for each kind of repository.
import { type Bandwidth, bandwidthOf } from './bandwidth.js';
import { folderPath } from './folder-path.js';
import { type S3Settings, s3Settings } from './s3-settings.js';
import type { RepositoryShape } from './schema-repositories.js';
import { type ResticSettings, resticSettings } from './schema-restic.js';

export type RepositorySettings = LocalSettings | RcloneSettings | S3Settings | ResticSettings;

export interface LocalSettings extends Bandwidth {
  kind: 'local';
  name: string;
  /** Absolute. */
  path: string;
}

export interface RcloneSettings extends Bandwidth {
  kind: 'rclone';
  name: string;
  /** As rclone takes it, without a slash at its end: `azure:container/holdfast`. */
  remote: string;
}

/** @param shape has exactly one of the kinds */
export const repositorySettings = (name: string, shape: RepositoryShape): RepositorySettings => ({
  ...placeOf(name, shape),
  ...bandwidthOf(shape),
});

const placeOf = (name: string, shape: RepositoryShape): RepositorySettings => {
  if (shape.rclone !== undefined)
    return { kind: 'rclone', name, remote: shape.rclone.replace(/(?<=[^:/])\/+$/, '') };
  if (shape.s3 !== undefined) return s3Settings(name, shape.s3);
  if (shape.restic !== undefined) return resticSettings(name, shape);
  return { kind: 'local', name, path: folderPath(shape.local ?? '') };
};
