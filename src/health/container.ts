// container: it runs, and is healthy where it has a health check. A stopped container keeps its last health and a paused one
// turns unhealthy, so health is asked of a running one only.
import type { ContainerSettings } from '../config/service-settings.js';
import { asFailure } from '../domain/failure.js';
import { type Container, findContainer } from '../tools/docker.js';
import type { Probe, Seen } from './health-check.js';

export const containerProbe = (reference: ContainerSettings): Probe => ({
  label: containerLabel(reference),
  look: async (signal) => {
    try {
      return seen(await findContainer(reference, { signal }));
    } catch (error) {
      const { code, message } = asFailure(error);
      if (code !== 'UNKNOWN_SERVICE') throw error;
      return { ok: false, words: `is not there: ${message}` };
    }
  },
});

export const containerLabel = (reference: ContainerSettings): string =>
  reference.kind === 'compose'
    ? `container ${reference.project}/${reference.service}`
    : `container ${reference.name}`;

const seen = ({ state, health, healthLog, exitCode }: Container): Seen => {
  if (state === 'stopped') return { ok: false, words: `is stopped (exit ${exitCode})` };
  if (state !== 'running') return { ok: false, words: `is ${state}` };
  if (health === null) return { ok: true, words: 'is running' };
  return {
    ok: health === 'healthy',
    words: `is ${health}${health === 'healthy' ? '' : lastLine(healthLog)}`,
  };
};

/** What its probe printed last: the reason for "unhealthy", and for a long "starting". */
const lastLine = (log: string): string => {
  const line = log.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 200)}`;
};
