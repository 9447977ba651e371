// Compose projects by the containers that exist: what the engine says of them is how they were really made.
import { isAbsolute } from 'node:path';
import { COMPOSE_PROJECT, COMPOSE_SERVICE, type Container } from '../../tools/docker.js';
import {
  type ComposeMount,
  type ComposeProject,
  type ComposeService,
  variablesIn,
} from './compose-project.js';

const FOLDER = 'com.docker.compose.project.working_dir';
const DEPENDS_ON = 'com.docker.compose.depends_on';
const ONE_OFF = 'com.docker.compose.oneoff';

/** Pure. In the order of their names; of several containers of a service the first one counts. */
export const composeProjects = (containers: readonly Container[]): ComposeProject[] => {
  const projects = new Map<string, ComposeProject>();
  for (const container of containers) {
    const { [COMPOSE_PROJECT]: name, [COMPOSE_SERVICE]: service, [FOLDER]: folder = '' } = container.labels;
    if (name === undefined || service === undefined || container.labels[ONE_OFF] === 'True') continue;
    const project = projects.get(name) ?? { name, folder: isAbsolute(folder) ? folder : null, services: [] };
    projects.set(name, project);
    if (project.services.every((known) => known.name !== service))
      project.services.push(serviceOf(service, container));
  }
  return [...projects.values()]
    .map((project) => ({ ...project, services: project.services.toSorted(byName) }))
    .sort(byName);
};

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

const serviceOf = (name: string, container: Container): ComposeService => ({
  name,
  image: container.imageName,
  container: container.name,
  environment: variablesIn(container.env),
  // `db:service_healthy:false,cache:service_started:false`
  dependsOn: (container.labels[DEPENDS_ON] ?? '').split(',').flatMap((one) => one.split(':')[0] || []),
  // The engine names them in whatever order it has them.
  mounts: container.mounts.flatMap(mountOf).toSorted((a, b) => (a.target < b.target ? -1 : 1)),
  hasHealthCheck: container.health !== null,
});

/** Docker's own name of a volume that was given none: it is made anew with its container. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

const mountOf = ({ type, source, destination, name }: Container['mounts'][number]): ComposeMount[] => {
  if (type === 'bind') return [{ kind: 'bind', path: source, target: destination }];
  return type === 'volume' && name !== null && !ANONYMOUS.test(name)
    ? [{ kind: 'volume', volume: name, target: destination }]
    : [];
};
