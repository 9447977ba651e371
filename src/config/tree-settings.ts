// The file trees of a deployment: folders, and Docker volumes whose folder only Docker knows.
import type { TreeSettings } from './config.js';
import { folderPath } from './folder-path.js';
import type { DeploymentShape } from './schema.js';

export const treeSettings = (files: DeploymentShape['files'] = {}): TreeSettings[] =>
  Object.entries(files).map(([name, given]) => {
    const { path, volume } = typeof given === 'string' ? { path: given } : { volume: undefined, ...given };
    return volume === undefined
      ? { name, path: folderPath(path ?? '') }
      : { name, path: `volume:${volume}`, volume };
  });
