// Which containers hold a folder: one that is renamed away stays theirs, under its old inode.
import { realpath } from 'node:fs/promises';
import { asFailure } from '../domain/failure.js';
import { docker, inspectContainers } from './docker.js';

/** Names of the running containers with a bind mount of this very folder. None where there is no Docker to ask. */
export const heldByContainers = async (path: string): Promise<string[]> => {
  const real = await realpath(path).catch(() => path);
  const containers = await running();
  return containers
    .filter(({ mounts }) => mounts.some(({ type, source }) => type === 'bind' && source === real))
    .map(({ name }) => name);
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
