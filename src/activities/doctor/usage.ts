// Processor and memory: of the host, and of the services that run on it.
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import type { Finding } from '../../domain/findings.js';
import type { ServiceUnit } from '../../services/service.js';
import { containerUsage } from '../../tools/docker-engine.js';
import { unitUsage } from '../../tools/unit-usage.js';
import { finding } from './check.js';

const AREA = 'APPLICATION';

/** More of the memory than this is used: the next burst may end somebody. */
const NEARLY_ALL = 0.95;

/** What cannot be measured is left out: whether the service is there at all is said elsewhere. */
export const usageOf = async (units: readonly ServiceUnit[]): Promise<Finding[]> => {
  const [containers, systemd] = await Promise.all([ofContainers(units), ofSystemdUnits(units)]);
  return [...containers, ...systemd, ofHost()];
};

const ofContainers = async (units: readonly ServiceUnit[]): Promise<Finding[]> => {
  const running = units.filter((unit) => unit.kind === 'container' && unit.state === 'running');
  const labels = new Map(running.map((unit) => [unit.kind === 'container' ? unit.id : '', unit.label]));
  const used = await containerUsage([...labels.keys()]).catch(() => []);
  return used.map(({ id, processor, memory, memoryShare }) =>
    finding(
      AREA,
      memoryShare > NEARLY_ALL ? 'warning' : 'ok',
      `${labels.get(id) ?? id} uses ${processor} of a processor, ${memory} of memory`,
    ),
  );
};

const ofSystemdUnits = (units: readonly ServiceUnit[]): Promise<Finding[]> =>
  Promise.all(
    units.flatMap((unit) => (unit.kind === 'systemd' && unit.state === 'running' ? [unit] : [])).map(ofUnit),
  ).then((found) => found.flat());

const ofUnit = async ({ unit, label }: { unit: string; label: string }): Promise<Finding[]> => {
  const { memoryBytes, processorSeconds } = await unitUsage(unit).catch(() => UNKNOWN);
  const parts = [
    ...(processorSeconds === null ? [] : [`${processorSeconds.toFixed(1)} s of processor time`]),
    ...(memoryBytes === null ? [] : [`${megabytes(memoryBytes)} of memory`]),
  ];
  return parts.length === 0 ? [] : [finding(AREA, 'ok', `${label} uses ${parts.join(', ')}`)];
};

const UNKNOWN = { memoryBytes: null, processorSeconds: null };

const ofHost = (): Finding => {
  const [load = 0] = loadavg();
  const short = freemem() < (1 - NEARLY_ALL) * totalmem();
  return finding(
    AREA,
    short ? 'warning' : 'ok',
    `this host: load ${load.toFixed(2)} on ${cpus().length} processors, ${megabytes(freemem())} of ${megabytes(totalmem())} memory free`,
    short ? 'there is hardly any memory left for a backup or a restore' : '',
  );
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
