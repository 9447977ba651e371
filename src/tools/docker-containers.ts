// Containers: found by name or by Compose's labels, and looked at.
import { suggestion } from '../config/nearest.js';
import type { ContainerSettings } from '../config/service-settings.js';
import { asFailure, Failure } from '../domain/failure.js';
import { type DockerOptions, docker } from './docker-call.js';
import { type Container, parseContainers } from './docker-inspect.js';

export const COMPOSE_PROJECT = 'com.docker.compose.project';
export const COMPOSE_SERVICE = 'com.docker.compose.service';
export const COMPOSE_NUMBER = 'com.docker.compose.container-number';
const COMPOSE_ONE_OFF = 'com.docker.compose.oneoff';

/** By id or name, in the order given; those that are gone are left out. */
export const inspectContainers = async (
  ids: readonly string[],
  options: DockerOptions = {},
): Promise<Container[]> => {
  if (ids.length === 0) return [];
  try {
    return parseContainers(await docker(['container', 'inspect', ...ids], options));
  } catch (error) {
    if (asFailure(error).code !== 'UNKNOWN_SERVICE') throw error;
    if (ids.length === 1) return [];
    return (await Promise.all(ids.map((id) => inspectContainers([id], options)))).flat();
  }
};

/** Running or not, by Compose's number; what `compose run` started is not among them. */
export const findContainers = async (
  reference: ContainerSettings,
  options: DockerOptions = {},
): Promise<Container[]> => {
  if (reference.kind === 'container') return inspectContainers([reference.name], options);
  const labels = [
    `label=${COMPOSE_PROJECT}=${reference.project}`,
    `label=${COMPOSE_SERVICE}=${reference.service}`,
    `label=${COMPOSE_ONE_OFF}=False`,
  ];
  const found = await inspectContainers(await listIds(labels, options), options);
  return found.sort((a, b) => numberOf(a) - numberOf(b));
};

/** Every one that Compose made, running or not. */
export const composeContainers = async (options: DockerOptions = {}): Promise<Container[]> =>
  inspectContainers(await listIds([`label=${COMPOSE_PROJECT}`], options), options);

/**
 * The one container that is meant; of several of a Compose service the first that runs.
 * @throws UNKNOWN_SERVICE, naming what there is
 */
export const findContainer = async (
  reference: ContainerSettings,
  options: DockerOptions = {},
): Promise<Container> => {
  const found = await findContainers(reference, options);
  const container = found.find(({ state }) => state !== 'stopped') ?? found[0];
  if (container === undefined) throw await unknownContainer(reference, options);
  return container;
};

/** What to say of a reference that names nothing: with what was meant, or what there is. */
export const unknownContainer = async (
  reference: ContainerSettings,
  options: DockerOptions = {},
): Promise<Failure> => {
  const all = await inspectContainers(await listIds([], options), options);
  if (reference.kind === 'container')
    return unknown(
      `container ${reference.name}`,
      reference.name,
      'containers',
      all.map(({ name }) => name),
    );
  const { project, service } = reference;
  const inProject = all.filter(({ labels }) => labels[COMPOSE_PROJECT] === project);
  return inProject.length === 0
    ? unknown(`Compose project ${project}`, project, 'projects', labelsOf(all, COMPOSE_PROJECT))
    : unknown(
        `service ${service} in the Compose project ${project}`,
        service,
        'services',
        labelsOf(inProject, COMPOSE_SERVICE),
      );
};

const listIds = async (filters: readonly string[], options: DockerOptions): Promise<string[]> => {
  const args = filters.flatMap((filter) => ['--filter', filter]);
  const listed = await docker(['container', 'ls', '--all', '--quiet', '--no-trunc', ...args], options);
  return listed.split('\n').filter((line) => line !== '');
};

const numberOf = ({ labels }: Container): number => Number(labels[COMPOSE_NUMBER] ?? 0);

const unknown = (what: string, word: string, kind: string, known: readonly string[]): Failure =>
  new Failure(
    'UNKNOWN_SERVICE',
    `there is no ${what}${known.length === 0 ? '' : suggestion(word, known, kind)}`,
  );

const labelsOf = (containers: readonly Container[], label: string): string[] =>
  [...new Set(containers.flatMap(({ labels }) => labels[label] ?? []))].sort();
