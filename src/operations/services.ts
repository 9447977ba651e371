// The services of an operation. What each was doing stands in the record before any is touched, and exactly that is put
// back: by the run, by its roll-back, or by whoever settles it later.
import { pauseAll, putBackAll, type ServiceUnit, stateOf, stopAll } from '../services/service.js';
import type { Host } from './context.js';
import { type OperationRecord, readRecord, writeRecord } from './record.js';
import type { RecordedServices } from './recorded-services.js';

/** Stops what a restore must not run into. Looks first: what an engine's restart brought up is stopped again. */
export const stopRecorded = async (
  record: OperationRecord,
  host: Host,
  unitsNow: () => Promise<ServiceUnit[]>,
): Promise<RecordedServices> => {
  const services = record.services ?? (await note(record, host, { units: await unitsNow(), partial: false }));
  await stopAll(services.units, host.effect);
  return services;
};

/** Pauses or stops what should not write while files are read. */
export const quietRecorded = async (
  record: OperationRecord,
  host: Host,
  { unitsNow, guard }: { unitsNow: () => Promise<ServiceUnit[]>; guard: () => Promise<void> },
): Promise<RecordedServices> => {
  const services = record.services ?? (await note(record, host, withoutKept(await unitsNow())));
  if (isPauseOver(services, record)) return (await endQuiet(record, host)) ?? services;
  await host.effect('guard the quiet services', guard);
  await pauseAll(
    services.units.filter(({ duringBackup }) => duringBackup === 'pause'),
    host.effect,
  );
  await stopAll(
    services.units.filter(({ duringBackup }) => duringBackup === 'stop'),
    host.effect,
  );
  return services;
};

/** An attempt that comes so late after the first one makes nothing quiet again: the guard would end it at once. */
const isPauseOver = ({ since }: RecordedServices, { settings }: OperationRecord): boolean =>
  Date.now() >= Date.parse(since) + settings.deployment.maxPauseMs;

const withoutKept = (units: readonly ServiceUnit[]): Pick<RecordedServices, 'units' | 'partial'> => ({
  units: units.filter(({ duringBackup }) => duringBackup !== 'keep'),
  partial: units.some(({ duringBackup, state }) => duringBackup === 'keep' && state === 'running'),
});

const note = async (
  record: OperationRecord,
  host: Host,
  noted: Pick<RecordedServices, 'units' | 'partial'>,
): Promise<RecordedServices> => {
  const services = { ...noted, since: new Date().toISOString(), until: null };
  await change(record, host, () => services);
  return services;
};

/** To the states that they were in; done already is fine. null: none had been touched. */
export const putServicesBack = async (
  record: Pick<OperationRecord, 'services' | 'deployment'>,
  host: Host,
): Promise<RecordedServices | null> => {
  const services = (await readRecord(host.state, record.deployment))?.services ?? record.services;
  if (services === null || services.until !== null) return services;
  await putBackAll(services.units, host.effect);
  return change(record, host, (now) => ({ ...now, until: new Date().toISOString() }));
};

/** Whether something else has put back one that should be quiet: then others wrote while the files were read. */
const quietEnded = async ({ units }: RecordedServices): Promise<boolean> => {
  const states = await Promise.all(units.map(stateOf));
  return units.some(({ state }, index) => state === 'running' && states[index] === 'running');
};

/** Ends the quiet; says in the record whether it had been one to the end. */
export const endQuiet = async (record: OperationRecord, host: Host): Promise<RecordedServices | null> => {
  const { services } = record;
  if (services === null || services.until !== null) return services;
  if (!(await quietEnded(services))) return putServicesBack(record, host);
  await change(record, host, (now) => ({ ...now, partial: true }));
  return putServicesBack(record, host);
};

/** Read anew: other steps write the record too. */
const change = async (
  { deployment, services }: Pick<OperationRecord, 'deployment' | 'services'>,
  host: Host,
  changed: (now: RecordedServices) => RecordedServices,
): Promise<RecordedServices> => {
  const now = await readRecord(host.state, deployment);
  const next = changed(now?.services ?? services ?? EMPTY);
  if (now !== null) await writeRecord(host.state, { ...now, services: next }, host.effect);
  return next;
};

const EMPTY: RecordedServices = { units: [], since: '', until: null, partial: false };
