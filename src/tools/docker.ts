// Docker, by its own program.
export { type DockerOptions, docker } from './docker-call.js';
export {
  COMPOSE_NUMBER,
  COMPOSE_PROJECT,
  COMPOSE_SERVICE,
  type ContainerChange,
  changeContainer,
  containerLog,
  findContainer,
  findContainers,
  inspectContainers,
  unknownContainer,
  wasToldToStop,
} from './docker-containers.js';
export type { Container, Mount, PublishedPort } from './docker-inspect.js';
export { inspectVolume, type Volume } from './docker-volumes.js';
