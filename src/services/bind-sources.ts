// Folders of the host in containers. One that is missing when a container starts is created by the engine: empty, without a
// word, and the application begins with no files.
import { stat } from 'node:fs/promises';
import type { Container } from '../tools/docker.js';

export interface BindSources {
  present: string[];
  missing: string[];
}

/**
 * What it mounts of the host. `missing` only names what the engine itself would not find: where this process sees other
 * paths than the engine (an agent in a container, an engine on another host), what was never seen is not missing.
 * @param seen sources that were there earlier
 */
export const bindSources = async (
  container: Container,
  seen: readonly string[] = [],
): Promise<BindSources> => {
  const sources = container.mounts.filter(({ type }) => type === 'bind').map(({ source }) => source);
  const there = await Promise.all(sources.map(exists));
  const absent = sources.filter((_source, index) => !there[index]);
  const samePaths = absent.length > 0 && container.engineFile !== '' && (await exists(container.engineFile));
  return {
    present: sources.filter((_source, index) => there[index]),
    missing: samePaths ? absent : absent.filter((source) => seen.includes(source)),
  };
};

/** What may not be looked at is there. */
const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
};
