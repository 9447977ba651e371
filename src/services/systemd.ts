// systemd units. Paused means frozen, where the kernel and systemd can do that.
import { Failure } from '../domain/failure.js';
import { changeUnit, type UnitStatus, unitLog, unitStatus } from '../tools/systemctl.js';
import type { Driver, Sight } from './driver.js';
import type { SystemdUnit, UnitPlace } from './service-unit.js';

/** @throws UNKNOWN_SERVICE; SERVICE_FAILED for one that cannot be paused and should be */
export const findSystemdUnit = async (unit: string, place: UnitPlace): Promise<SystemdUnit> => {
  const status = await unitStatus(unit);
  if (status.load !== 'loaded') throw notLoaded(unit, status.load);
  if (place.duringBackup === 'pause' && !status.canFreeze)
    throw new Failure('SERVICE_FAILED', `systemd cannot pause ${unit} here`, {
      hint: 'set its duringBackup to stop or keep',
      retryable: false,
    });
  const sight = sightOf(status);
  return {
    ...place,
    kind: 'systemd',
    label: `systemd ${unit}`,
    state: sight === 'paused' || sight === 'stopped' ? sight : 'running',
    steady: sight !== 'failing',
    unit,
  };
};

export const openSystemdUnit = ({ unit }: SystemdUnit): Driver => ({
  look: async () => sightOf(await unitStatus(unit)),
  stop: async () => {
    if ((await unitStatus(unit)).frozen) await changeUnit('thaw', unit);
    await changeUnit('stop', unit);
  },
  start: () => changeUnit('start', unit),
  pause: () => changeUnit('freeze', unit),
  unpause: () => changeUnit('thaw', unit),
  lastWords: () => unitLog(unit),
});

const notLoaded = (unit: string, load: string): Failure =>
  load === 'not-found'
    ? new Failure('UNKNOWN_SERVICE', `there is no systemd unit ${unit}`, {
        hint: 'systemctl list-unit-files shows the units that exist',
      })
    : new Failure('UNKNOWN_SERVICE', `systemd has not loaded ${unit}: ${load}`, {
        hint: `systemctl status ${unit} says why`,
      });

const sightOf = ({ active, sub, frozen }: UnitStatus): Sight => {
  if (frozen) return 'paused';
  if (active === 'inactive' || active === 'failed') return 'stopped';
  if (active === 'deactivating') return 'stopping';
  return sub === 'auto-restart' ? 'failing' : 'running';
};
