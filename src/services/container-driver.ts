// One container: looked at and changed by id, or by what it is called when it was recreated under a new one.
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../domain/failure.js';
import {
  COMPOSE_NUMBER,
  type Container,
  type ContainerChange,
  changeContainer,
  containerLog,
  findContainers,
  inspectContainers,
  isBeingStopped,
} from '../tools/docker.js';
import { bindSources } from './bind-sources.js';
import { missingSource } from './containers.js';
import type { Driver, Sight } from './driver.js';
import type { ContainerUnit } from './service-unit.js';

export const openContainer = (unit: ContainerUnit): Driver => {
  let seen: Container | null = null;
  const present = async (): Promise<Container> => {
    seen ??= await currentContainer(unit);
    if (seen === null) throw gone(unit);
    return seen;
  };
  const change = async (what: ContainerChange): Promise<void> => changeContainer(what, await present());
  return {
    look: async () => {
      seen = await currentContainer(unit);
      return sightOf(seen);
    },
    stop: () => change('stop'),
    start: async () => startContainer(unit, await present()),
    pause: () => change('pause'),
    unpause: () => change('unpause'),
    lastWords: async () => containerLog((await present()).id),
  };
};

const currentContainer = async (unit: ContainerUnit): Promise<Container | null> => {
  const [same] = await inspectContainers([unit.id]);
  if (same !== undefined) return same;
  const { compose, name } = unit;
  if (compose === null) return (await inspectContainers([name]))[0] ?? null;
  const found = await findContainers({ kind: 'compose', ...compose });
  return found.find(({ labels }) => labels[COMPOSE_NUMBER] === compose.number) ?? null;
};

const gone = ({ compose, name, label }: ContainerUnit): Failure =>
  new Failure('UNKNOWN_SERVICE', `the container of ${label} is gone`, {
    hint:
      compose === null
        ? `create the container ${name} again: docker run --name ${name} …`
        : `create it again, in its project’s folder: docker compose --project-name ${compose.project} up --no-deps --detach ${compose.service}`,
  });

const sightOf = async (container: Container | null): Promise<Sight> => {
  if (container === null) return 'stopped';
  if (container.state === 'restarting') return 'failing';
  if (container.state !== 'running') return container.state;
  return (await isBeingStopped(container)) ? 'stopping' : 'running';
};

const startContainer = async (unit: ContainerUnit, container: Container): Promise<void> => {
  if (container.state === 'running') await stopEnded(container);
  const { missing } = await bindSources(container, unit.binds);
  if (missing.length > 0) throw missingSource(unit.label, missing);
  await changeContainer('start', container);
};

const LOOK_EVERY_MS = 200;
const PAST_STOP_TIMEOUT_MS = 5000;

/** Not for ever: a signal that looks like a stop need not have been one. */
const stopEnded = async ({ id, stopTimeout }: Container): Promise<void> => {
  const until = Date.now() + stopTimeout * 1000 + PAST_STOP_TIMEOUT_MS;
  while (Date.now() < until) {
    const [now] = await inspectContainers([id]);
    if (now?.state !== 'running') return;
    await delay(LOOK_EVERY_MS);
  }
};
