// A deployment on a machine where its application is not there yet: what is there of it is stopped, nothing else is touched.
import type { Deployment } from '../../config/config.js';
import type { ServiceSettings } from '../../config/service-settings.js';
import { unitsOf } from '../../services/service.js';

/** Nothing is run or asked around a restore. */
export const NOTHING_AROUND = {
  services: [],
  hooks: { beforeBackup: [], afterBackup: [], afterRestore: [] },
  health: { withinMs: 0, checks: [] },
} satisfies Pick<Deployment, 'services' | 'hooks' | 'health'>;

/** With those of its services that are there. */
export const withoutApplication = async (deployment: Deployment): Promise<Deployment> => {
  const services = await Promise.all(
    deployment.services.map(async (service) => ((await isThere(service)) ? [service] : [])),
  );
  return { ...deployment, ...NOTHING_AROUND, services: services.flat() };
};

const isThere = (service: ServiceSettings): Promise<boolean> =>
  unitsOf([service]).then(
    () => true,
    () => false,
  );
