// The file trees of a deployment: folders, and Docker volumes whose folder only Docker knows.
import type { TreeSettings } from './config.js';
import { folderPath } from './folder-path.js';
import type { DeploymentShape } from './schema.js';

type TreeShape = NonNullable<DeploymentShape['files']>[string];

export const treeSettings = (files: DeploymentShape['files'] = {}): TreeSettings[] =>
  Object.entries(files).map(([name, shape]) => {
    const { path = '', volume, restore, include = [] } = keysOf(shape);
    const place = volume === undefined ? { path: folderPath(path) } : { path: `volume:${volume}`, volume };
    return { name, ...place, ...(restore === undefined ? {} : { aside: { include } }) };
  });

const keysOf = (shape: TreeShape): Exclude<TreeShape, string> =>
  typeof shape === 'string' ? { path: shape } : shape;
