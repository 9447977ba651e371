// What Docker says of a project's containers, whether they run or not.
import type { Docker } from './docker.js';

export interface ContainerState {
  id: string;
  /** `running`, `paused`, `exited`, `created`, `restarting`. */
  status: string;
  /** `healthy`, `unhealthy`, `starting`; null without a health check. */
  health: string | null;
  startedAt: string;
  image: string;
}

interface Inspected {
  Id: string;
  Image: string;
  State: { Status: string; StartedAt: string; Health?: { Status: string } };
  Config: { Labels: Record<string, string> };
}

/** By service. */
export const containerStates = async (
  run: Docker,
  project: string,
): Promise<Record<string, ContainerState>> => {
  const mine = ['--filter', `label=com.docker.compose.project=${project}`];
  const ids = (await run('ps', '--all', '--quiet', '--no-trunc', ...mine))
    .split('\n')
    .filter((id) => id !== '');
  if (ids.length === 0) return {};
  const found: Inspected[] = JSON.parse(await run('inspect', '--type', 'container', ...ids));
  return Object.fromEntries(
    found.map(({ Id, Image, State, Config }) => [
      Config.Labels['com.docker.compose.service'] ?? Id,
      {
        id: Id,
        status: State.Status,
        health: State.Health?.Status ?? null,
        startedAt: State.StartedAt,
        image: Image,
      },
    ]),
  );
};

/** `{ db: 'running', web: 'paused' }`: what a restore has to put back. */
export const statusesOf = (states: Record<string, ContainerState>): Record<string, string> =>
  Object.fromEntries(Object.entries(states).map(([service, { status }]) => [service, status]));
