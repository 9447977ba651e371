// The packaged Compose service for one configuration: its folders, each under the path that it has on the host.
import { dirname } from 'node:path';
import { isScalar, isSeq, parseDocument } from 'yaml';
import { isInside } from '../../config/is-inside.js';
import type { DatabaseDraft, Draft } from './draft.js';

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
  for (const path of foldersFor(draft)) {
    const mount = `${path}:${path}`;
    if (there.includes(mount) || there.includes(`${mount}:ro`)) continue;
    const item = document.createNode(literal(mount));
    item.commentBefore = ' of this configuration';
    volumes.items.push(item);
  }
  document.setIn(['services', 'agent', 'environment'], { HOLDFAST_CONFIG: literal(draft.file) });
  if (environmentFile !== null) document.setIn(['services', 'agent', 'env_file'], [literal(environmentFile)]);
  return document.toString({ lineWidth: 0 });
};

/** To Compose a dollar begins a variable. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** The folder above a tree, so that a restored copy can be made beside it. What lies in another one is mounted with it. */
const foldersFor = ({ file, repository, folders, state, database }: Draft): string[] => {
  const paths = [
    dirname(file),
    repository,
    ...(state === null ? [] : [state]),
    ...folders.flatMap((folder) => ('path' in folder ? [dirname(folder.path)] : [])),
    ...neededBy(database),
  ];
  return [...new Set(paths)].filter(
    (path) => !paths.some((other) => other !== path && isInside(path, other)),
  );
};

/** Where its socket is, or the file of its password. */
const neededBy = (database: DatabaseDraft | null): string[] => {
  if (database?.kind === 'parts') return database.host?.startsWith('/') ? [database.host] : [];
  const reference = database?.kind === 'url' ? database.url : database?.password;
  return reference?.startsWith('file:') ? [dirname(reference.slice('file:'.length))] : [];
};
