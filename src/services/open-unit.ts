// From what stands in the record to something that can be looked at and changed.
import { openCommands } from './commands.js';
import { openContainer } from './container-driver.js';
import type { Driver } from './driver.js';
import type { ServiceUnit } from './service-unit.js';
import { openSystemdUnit } from './systemd.js';

export const openUnit = (unit: ServiceUnit): Driver => {
  switch (unit.kind) {
    case 'container':
      return openContainer(unit);
    case 'systemd':
      return openSystemdUnit(unit);
    case 'command':
      return openCommands(unit);
  }
};
