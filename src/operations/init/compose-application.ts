// The application around a project's database: the services that a restore stops, and the folders that hold its files.
import { basename } from 'node:path';
import { isInside } from '../../config/is-inside.js';
import { type ComposeMount, type ComposeProject, type ComposeService, sourceOf } from './compose-project.js';
import type { FolderDraft, ServicesDraft } from './draft.js';
import { freeNameFor } from './names-for.js';

export interface Application {
  services: ServicesDraft | null;
  folders: FolderDraft[];
  remarks: string[];
}

/**
 * Pure. A service belongs to it that names the database's service, waits for it, or mounts a folder of one that does.
 * @param isFolder whether a path of the host is a folder: single files that are mounted are configuration
 */
export const applicationAround = (
  project: ComposeProject,
  database: ComposeService,
  isFolder: (path: string) => boolean,
): Application => {
  const others = project.services.filter(({ name }) => name !== database.name);
  const using = others.filter((service) => uses(service, database.name));
  const own = new Set(database.mounts.map(sourceOf));
  const mounts = distinct(using.flatMap((service) => service.mounts)).filter(
    (mount) =>
      !own.has(sourceOf(mount)) && !isSystem(mount) && (mount.kind === 'volume' || isFolder(mount.path)),
  );
  const code = mounts.filter((mount) => holdsProject(mount, project.folder));
  const data = withoutNested(mounts.filter((mount) => !code.includes(mount)));
  const sharing = others.filter((service) => service.mounts.some((mount) => contains(data, mount)));
  const stopped = others.filter((service) => using.includes(service) || sharing.includes(service));
  return {
    folders: named(data, project.name),
    services:
      stopped.length === 0
        ? null
        : {
            project: project.name,
            services: stopped.map(({ name }) => name),
            healthy: stopped.filter(({ hasHealthCheck }) => hasHealthCheck).map(({ name }) => name),
          },
    remarks: code.map(
      (mount) =>
        `${sourceOf(mount)} is left out: it holds the project itself; name folders below it if they hold data`,
    ),
  };
};

const uses = ({ environment, dependsOn }: ComposeService, database: string): boolean =>
  dependsOn.includes(database) ||
  Object.entries(environment).some(([variable, value]) => leadsTo(database, variable, value));

/** As a host: in a URL, before a port, behind `host=`, or alone in a variable that says so. A user may be called the same. */
const leadsTo = (database: string, variable: string, value: string): boolean =>
  value === database
    ? /HOST|SERVER|ADDR/i.test(variable)
    : [...value.matchAll(/(?<before>^|@|\/\/|\bhost=)(?<host>[\w.-]+)(?<port>:\d+)?/g)].some(
        ({ groups }) => groups?.host === database && `${groups.before ?? ''}${groups.port ?? ''}` !== '',
      );

const distinct = (mounts: readonly ComposeMount[]): ComposeMount[] => [
  ...new Map(mounts.map((mount) => [sourceOf(mount), mount])).values(),
];

const contains = (mounts: readonly ComposeMount[], mount: ComposeMount): boolean =>
  mounts.some((one) => sourceOf(one) === sourceOf(mount));

const SYSTEM =
  /^\/(?:etc|usr|bin|sbin|lib|lib64|boot|proc|sys|dev|run|var\/run|tmp\/\.X11-unix|var\/lib\/docker)(?:\/|$)/;

const isSystem = (mount: ComposeMount): boolean =>
  mount.kind === 'bind' &&
  (mount.path === '/' || SYSTEM.test(mount.path) || mount.target.startsWith('/run/secrets/'));

/** The folder that holds the Compose file, or one above it: source code and settings, which are kept elsewhere. */
const holdsProject = (mount: ComposeMount, folder: string | null): boolean =>
  mount.kind === 'bind' && folder !== null && isInside(folder, mount.path);

/** Trees must not overlap: what lies in another one is stored with it. */
const withoutNested = (mounts: readonly ComposeMount[]): ComposeMount[] =>
  mounts.filter(
    (mount) =>
      mount.kind === 'volume' ||
      mounts.every(
        (other) => other === mount || other.kind === 'volume' || !isInside(mount.path, other.path),
      ),
  );

const named = (mounts: readonly ComposeMount[], project: string): FolderDraft[] => {
  const folders: FolderDraft[] = [];
  for (const mount of mounts) {
    const given = mount.kind === 'volume' ? withoutProject(mount.volume, project) : basename(mount.path);
    const name = freeNameFor(
      given,
      folders.map((folder) => folder.name),
    );
    folders.push(mount.kind === 'volume' ? { name, volume: mount.volume } : { name, path: mount.path });
  }
  return folders;
};

/** `edms_media` is `media` of `edms`. */
const withoutProject = (volume: string, project: string): string =>
  volume.startsWith(project) && /^[_-]/.test(volume.slice(project.length))
    ? volume.slice(project.length + 1)
    : volume;
