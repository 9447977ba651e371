// Docker, by its own program.
export { type DockerOptions, docker } from './docker-call.js';
export { type ContainerChange, changeContainer, containerLog, isBeingStopped } from './docker-change.js';
export {
  COMPOSE_NUMBER,
  COMPOSE_PROJECT,
  COMPOSE_SERVICE,
  findContainer,
  findContainers,
  inspectContainers,
  unknownContainer,
} from './docker-containers.js';
export type { Container, Mount, PublishedPort } from './docker-inspect.js';
export { inspectVolume, type Volume } from './docker-volumes.js';
