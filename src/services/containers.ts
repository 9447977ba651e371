// Containers, of Compose services or by name: found, and put into a state by id. Never through Compose, which starts what
// depends on each other and so starts what was stopped.
import type { ContainerSettings } from '../config/service-settings.js';
import { Failure } from '../domain/failure.js';
import {
  COMPOSE_NUMBER,
  COMPOSE_PROJECT,
  COMPOSE_SERVICE,
  type Container,
  findContainers,
  unknownContainer,
} from '../tools/docker.js';
import { bindSources } from './bind-sources.js';
import type { ContainerUnit, UnitPlace, UnitState } from './service-unit.js';

/**
 * A Compose service may have several containers.
 * @throws UNKNOWN_SERVICE; SERVICE_FAILED for one that could not be started again
 */
export const containerUnits = async (
  reference: ContainerSettings,
  place: UnitPlace,
): Promise<ContainerUnit[]> => {
  const found = await findContainers(reference);
  if (found.length === 0) throw await unknownContainer(reference);
  const label =
    reference.kind === 'compose'
      ? `compose ${reference.project}/${reference.service}`
      : `container ${reference.name}`;
  return Promise.all(
    found.map((container) =>
      containerUnit(container, {
        ...place,
        label: found.length === 1 ? label : `${label} ${container.labels[COMPOSE_NUMBER] ?? container.name}`,
      }),
    ),
  );
};

const STATES: Readonly<Record<Container['state'], UnitState>> = {
  running: 'running',
  restarting: 'running',
  paused: 'paused',
  stopped: 'stopped',
};

const containerUnit = async (
  container: Container,
  place: UnitPlace & { label: string },
): Promise<ContainerUnit> => {
  const { present, missing } = await bindSources(container);
  const state = STATES[container.state];
  if (state !== 'stopped' && missing.length > 0) throw missingSource(place.label, missing);
  return {
    ...place,
    kind: 'container',
    state,
    steady: container.state !== 'restarting',
    id: container.id,
    name: container.name,
    compose: composeOf(container),
    image: container.image,
    binds: present,
  };
};

export const missingSource = (label: string, missing: readonly string[]): Failure =>
  new Failure('SERVICE_FAILED', `${label} mounts ${missing.join(', ')}, which is not there`, {
    hint: 'put it back: Docker would start the container with an empty folder instead',
    retryable: false,
  });

const composeOf = ({ labels }: Container): ContainerUnit['compose'] => {
  const project = labels[COMPOSE_PROJECT];
  const service = labels[COMPOSE_SERVICE];
  if (project === undefined || service === undefined) return null;
  return { project, service, number: labels[COMPOSE_NUMBER] ?? '' };
};
