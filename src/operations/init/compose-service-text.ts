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
  const folders = foldersFor(draft);
  volumes.items = volumes.items.filter((item) => !isInTheWay(mountOf(item), folders));
  for (const path of missingIn(folders, volumes.items.map(mountOf))) {
    const item = document.createNode(bind(literal(path)));
    item.commentBefore = ' of this configuration';
    volumes.items.push(item);
  }
  document.setIn(['services', 'agent', 'environment'], { HOLDFAST_CONFIG: literal(draft.file) });
  if (environmentFile !== null) document.setIn(['services', 'agent', 'env_file'], [literal(environmentFile)]);
  return document.toString({ lineWidth: 0 });
};

/** To Compose a dollar begins a variable. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** In the short form a colon ends a path. */
const bind = (path: string) =>
  path.includes(':') ? { type: 'bind', source: path, target: path } : `${path}:${path}`;

interface Folder {
  path: string;
  written: boolean;
}

/** Of the packaged service: all are in the short form. */
const mountOf = (item: unknown): Folder => {
  const [path = '', , mode] = isScalar(item) ? String(item.value).split(':') : [];
  return { path, written: mode !== 'ro' };
};

/** Read-only, where something is to be written all over it. */
const isInTheWay = (mount: Folder, folders: readonly Folder[]): boolean =>
  !mount.written && folders.some(({ path, written }) => written && isInside(mount.path, path));

/** What lies in another one is mounted with it. */
const missingIn = (folders: readonly Folder[], mounted: readonly Folder[]): string[] => {
  const missing = folders
    .filter(
      ({ path, written }) =>
        !mounted.some((mount) => isInside(path, mount.path) && (mount.written || !written)),
    )
    .map(({ path }) => path);
  return [...new Set(missing)].filter(
    (path) => !missing.some((other) => other !== path && isInside(path, other)),
  );
};

/** The folder above a tree, so that a restored copy can be made beside it. */
const foldersFor = ({ file, repository, folders, state, database }: Draft): Folder[] => [
  { path: dirname(file), written: false },
  { path: repository, written: true },
  ...(state === null ? [] : [{ path: state, written: true }]),
  ...folders.flatMap((folder) => ('path' in folder ? [{ path: dirname(folder.path), written: true }] : [])),
  ...neededBy(database).map((path) => ({ path, written: false })),
];

/** Where its socket is, or the file of its password. */
const neededBy = (database: DatabaseDraft | null): string[] => {
  if (database?.kind === 'parts') return database.host?.startsWith('/') ? [database.host] : [];
  const reference = database?.kind === 'url' ? database.url : database?.password;
  return reference?.startsWith('file:') ? [dirname(reference.slice('file:'.length))] : [];
};
