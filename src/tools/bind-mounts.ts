// Which containers hold a folder: one that is renamed away stays theirs, under its old inode.
import { realpath } from 'node:fs/promises';
import { asFailure } from '../domain/failure.js';
import { docker, inspectContainers } from './docker.js';

export interface Holding {
  /** The container's. */
  id: string;
  name: string;
  /** This very folder; otherwise the container mounts something inside it. */
  whole: boolean;
}

/** Running containers with a bind mount of this folder, or of something in it. None where there is no Docker to ask. */
export const heldByContainers = async (path: string): Promise<Holding[]> => {
  const real = await realpath(path).catch(() => path);
  const containers = await running();
  return containers.flatMap(({ id, name, mounts }) => {
    const sources = mounts.filter(({ type }) => type === 'bind').map(({ source }) => source);
    const inside = sources.some((source) => source.startsWith(`${real}/`));
    return inside || sources.includes(real) ? [{ id, name, whole: !inside }] : [];
  });
};

const NOBODY_TO_ASK = ['TOOL_MISSING', 'DOCKER_UNREACHABLE', 'DOCKER_RIGHTS'];

const running = async () => {
  try {
    const listed = await docker(['container', 'ls', '--quiet', '--no-trunc']);
    return await inspectContainers(listed.split('\n').filter((id) => id !== ''));
  } catch (error) {
    if (NOBODY_TO_ASK.includes(asFailure(error).code)) return [];
    throw error;
  }
};
