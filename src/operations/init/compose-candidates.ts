// Every PostgreSQL service of a Compose project, as something to back up.
import { stat } from 'node:fs/promises';
import type { Candidate } from './candidate.js';
import { applicationAround } from './compose-application.js';
import { composeDatabase } from './compose-database.js';
import { type ComposeProject, isPostgres } from './compose-project.js';
import { nameFor } from './names-for.js';

export const composeCandidates = async (
  project: ComposeProject,
  kind: Extract<Candidate['kind'], 'here' | 'elsewhere'>,
): Promise<Candidate[]> => {
  const databases = project.services.filter(isPostgres);
  if (databases.length === 0) return [];
  const isFolder = await foldersAmong(project);
  return databases.map((service) => {
    const { folders, services, remarks } = applicationAround(project, service, isFolder);
    return {
      kind,
      label: `service ${service.name} of the Compose project ${project.name}`,
      name: nameFor(databases.length === 1 ? project.name : `${project.name}-${service.name}`, 'app'),
      database: composeDatabase(project.name, service),
      folders,
      services,
      remarks,
    };
  });
};

/** Asked beforehand, so that the rest is pure. A folder that is not there yet is none: the engine makes it at the first start. */
const foldersAmong = async (project: ComposeProject): Promise<(path: string) => boolean> => {
  const paths = project.services.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.kind === 'bind' ? [mount.path] : [])),
  );
  const found = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const facts = await stat(path).catch(() => null);
      return facts?.isDirectory() ? [path] : [];
    }),
  );
  const folders = new Set(found.flat());
  return (path) => folders.has(path);
};
