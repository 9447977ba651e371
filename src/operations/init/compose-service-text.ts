// The packaged Compose service for one configuration: its folders, each under the path that it has on the host.
import { dirname } from 'node:path';
import { isScalar, isSeq, parseDocument } from 'yaml';
import type { Draft } from './draft.js';

/** What stands in packaging/compose.yaml to be changed. */
const CHANGE = ['/srv/edms:/srv/edms', '/srv/backups:/srv/backups'];

/** @param packaged packaging/compose.yaml */
export const composeServiceText = (
  packaged: string,
  { draft, environmentFile }: { draft: Draft; environmentFile: string | null },
): string => {
  const document = parseDocument(packaged);
  const volumes = document.getIn(['services', 'agent', 'volumes']);
  if (!isSeq(volumes)) throw new Error('the packaged service has no volumes');
  volumes.items = volumes.items.filter((item) => !isScalar(item) || !CHANGE.includes(String(item.value)));
  const there = volumes.items.map((item) => (isScalar(item) ? String(item.value) : ''));
  for (const mount of mountsFor(draft)) {
    if (there.includes(mount) || there.includes(`${mount}:ro`)) continue;
    const item = document.createNode(mount);
    item.commentBefore = ' of this configuration';
    volumes.items.push(item);
  }
  document.setIn(['services', 'agent', 'environment'], { HOLDFAST_CONFIG: draft.file });
  if (environmentFile !== null) document.setIn(['services', 'agent', 'env_file'], [environmentFile]);
  return document.toString({ lineWidth: 0 });
};

/** The folder above a tree, so that a restored copy can be made beside it. */
const mountsFor = ({ file, repository, folders, state }: Draft): string[] => {
  const paths = [
    dirname(file),
    repository,
    ...(state === null ? [] : [state]),
    ...folders.flatMap((folder) => ('path' in folder ? [dirname(folder.path)] : [])),
  ];
  return [...new Set(paths)].map((path) => `${path}:${path}`);
};
