// Every container that Compose made, running or not.
import { type DockerOptions, docker } from './docker-call.js';
import { COMPOSE_PROJECT, inspectContainers } from './docker-containers.js';
import type { Container } from './docker-inspect.js';

export const composeContainers = async (options: DockerOptions = {}): Promise<Container[]> => {
  const args = ['container', 'ls', '--all', '--quiet', '--no-trunc', `--filter=label=${COMPOSE_PROJECT}`];
  const listed = await docker(args, options);
  return inspectContainers(
    listed.split('\n').filter((line) => line !== ''),
    options,
  );
};
