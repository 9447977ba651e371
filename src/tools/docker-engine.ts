// The Docker engine itself: where the docker program finds it, and what its containers use.
import { z } from 'zod';
import { docker } from './docker-call.js';

/** `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`: whatever the environment and docker's own context say. */
export const engineAddress = async (): Promise<string> =>
  (await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])).trim();

export interface ContainerUsage {
  id: string;
  /** As docker writes them: `1.93%` of one processor, `13.11MiB / 23.54GiB`. */
  processor: string;
  memory: string;
  /** Of what it may use; 0 to 1. */
  memoryShare: number;
}

/** Of running containers, measured by the engine over about a second. */
export const containerUsage = async (ids: readonly string[]): Promise<ContainerUsage[]> => {
  if (ids.length === 0) return [];
  const lines = await docker(['stats', '--no-stream', '--no-trunc', '--format', '{{json .}}', ...ids]);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => usageOf(printed.parse(JSON.parse(line))));
};

const printed = z.object({ ID: z.string(), CPUPerc: z.string(), MemUsage: z.string(), MemPerc: z.string() });

const usageOf = ({ ID, CPUPerc, MemUsage, MemPerc }: z.output<typeof printed>): ContainerUsage => ({
  id: ID,
  processor: CPUPerc,
  memory: MemUsage,
  memoryShare: Number.parseFloat(MemPerc) / 100 || 0,
});
