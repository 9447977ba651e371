// Docker, by its own program.
export { docker } from './docker-call.js';
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
export type { Container } from './docker-inspect.js';
export { inspectVolume } from './docker-volumes.js';
