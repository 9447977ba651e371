// APPLICATION: every configured service with its state, every health check in its own words. An application that is ill
// stops no backup; what could never be stopped, started or become healthy would stop a restore.
import type { Deployment } from '../../config/config.js';
import type { ServiceSettings } from '../../config/service-settings.js';
import type { Finding } from '../../domain/findings.js';
import { impossible } from '../../health/impossible.js';
import { bindSources } from '../../services/bind-sources.js';
import { type ServiceUnit, unitsOf } from '../../services/service.js';
import { inspectContainers } from '../../tools/docker.js';
import { healthChecks } from '../restore/health.js';
import { finding, lookInto } from './check.js';
import { usageOf } from './usage.js';

const AREA = 'APPLICATION';

export interface ApplicationLook {
  deployment: Deployment;
  /** What the sessions of sql checks are called. */
  applicationName: string;
  signal: AbortSignal;
}

export const lookAtApplication = async (look: ApplicationLook): Promise<Finding[]> => {
  const entries = look.deployment.services.flatMap(oneByOne);
  const [services, health] = await Promise.all([Promise.all(entries.map(lookAtService)), lookAtHealth(look)]);
  const units = services.flatMap((service) => service.units);
  return [...services.flatMap(({ findings }) => findings), ...health, ...(await usageOf(units))];
};

/** So that one of a project that is missing does not hide the others. */
const oneByOne = (settings: ServiceSettings): ServiceSettings[] =>
  settings.kind === 'compose'
    ? settings.services.map((service) => ({ ...settings, services: [service] }))
    : [settings];

const lookAtService = async (
  settings: ServiceSettings,
): Promise<{ units: ServiceUnit[]; findings: Finding[] }> => {
  let units: ServiceUnit[] = [];
  const findings = await lookInto(AREA, async () => {
    units = await unitsOf([settings]);
    return (await Promise.all(units.map(stateOf))).flat();
  });
  return { units, findings };
};

const stateOf = async (unit: ServiceUnit): Promise<Finding[]> => {
  const { label, state, steady } = unit;
  if (!steady)
    return [finding(AREA, 'warning', `${label} keeps ending and being started again`, 'look at its log')];
  if (state === 'running') return [finding(AREA, 'ok', `${label} is running`)];
  return [
    finding(AREA, 'warning', `${label} is ${state}`, 'a restore leaves it so; start it if it should run'),
    ...(await missingSources(unit)),
  ];
};

/** One that runs and misses some is refused by unitsOf already. */
const missingSources = async (unit: ServiceUnit): Promise<Finding[]> => {
  if (unit.kind !== 'container') return [];
  const [container] = await inspectContainers([unit.id]);
  const { missing } = container === undefined ? { missing: [] } : await bindSources(container);
  if (missing.length === 0) return [];
  const hint = 'put it back before the container starts: Docker would give it an empty folder instead';
  return [finding(AREA, 'warning', `${unit.label} mounts ${missing.join(', ')}, which is not there`, hint)];
};

const lookAtHealth = async ({ deployment, applicationName, signal }: ApplicationLook): Promise<Finding[]> => {
  const databases = deployment.databases.map(({ name }) => name);
  const checks = healthChecks(deployment, applicationName);
  return Promise.all(
    deployment.health.checks.map(async (settings, index): Promise<Finding> => {
      const never = await impossible(settings, { databases });
      if (never !== null)
        return finding(AREA, 'problem', `health: ${never}`, 'this check can never pass: mend health.checks');
      const state = await checks[index]?.check(signal);
      return state?.ok === true
        ? finding(AREA, 'ok', `health: ${state.words}`)
        : finding(AREA, 'warning', `health: ${state?.words ?? ''}`, 'look at the application’s log');
    }),
  );
};
