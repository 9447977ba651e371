// What is configured, as it is now on this host. Nothing is touched, and whatever could not be stopped or started fails here.
import type { ServiceSettings } from '../config/service-settings.js';
import { findCommandUnit } from './commands.js';
import { containerUnits } from './containers.js';
import type { ServiceUnit } from './service-unit.js';
import { findSystemdUnit } from './systemd.js';

/**
 * In the configured order.
 * @throws UNKNOWN_SERVICE, DOCKER_UNREACHABLE, DOCKER_RIGHTS, TOOL_MISSING, SERVICE_FAILED
 */
export const unitsOf = async (settings: readonly ServiceSettings[]): Promise<ServiceUnit[]> =>
  (await Promise.all(settings.map(unitsOfEntry))).flat();

const unitsOfEntry = async (settings: ServiceSettings, entry: number): Promise<ServiceUnit[]> => {
  const place = { entry, duringBackup: settings.duringBackup };
  switch (settings.kind) {
    case 'compose': {
      const { project, services } = settings;
      const found = services.map((service) => containerUnits({ kind: 'compose', project, service }, place));
      return (await Promise.all(found)).flat();
    }
    case 'container':
      return containerUnits({ kind: 'container', name: settings.name }, place);
    case 'systemd':
      return [await findSystemdUnit(settings.unit, place)];
    case 'command':
      return [await findCommandUnit(settings, place)];
  }
};
