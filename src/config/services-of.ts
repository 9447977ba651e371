// Services and containers as they are written, as the rest of holdfast sees them.
import type { ContainerShape, ServicesShape } from './schema-services.js';
import type { ContainerSettings, ServiceSettings } from './service-settings.js';
import { unitName } from './unit-name.js';

export const servicesOf = (shapes: ServicesShape = []): ServiceSettings[] => shapes.flatMap(serviceOf);

export const containerOf = (shape: ContainerShape): ContainerSettings =>
  typeof shape === 'string' ? { kind: 'container', name: shape } : { kind: 'compose', ...shape.compose };

const serviceOf = (shape: ServicesShape[number]): ServiceSettings[] => {
  const { compose, container, systemd, command, duringBackup = 'keep' } = shape;
  if (compose !== undefined) return [{ duringBackup, kind: 'compose', ...compose }];
  if (container !== undefined) return [{ duringBackup, kind: 'container', name: container }];
  if (systemd !== undefined) return [{ duringBackup, kind: 'systemd', unit: unitName(systemd) }];
  return command === undefined ? [] : [{ duringBackup, kind: 'command', ...command }];
};
