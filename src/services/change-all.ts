// All units of a deployment: entry after entry as configured, the units of one entry together.
import { setTimeout as delay } from 'node:timers/promises';
import type { Effect } from '../domain/effect.js';
import { asFailure, Failure } from '../domain/failure.js';
import { bring, confirm, stateOf } from './change.js';
import type { ServiceUnit } from './service-unit.js';

/** In order; the entries behind one that fails are not touched. */
export const stopAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inOrder(units, (unit) => bring(unit, 'stopped', effect));

/** As stopAll. What is stopped stays so: it writes nothing. */
export const pauseAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inOrder(units, async (unit) => {
    if ((await stateOf(unit)) !== 'stopped') await bring(unit, 'paused', effect);
  });

/**
 * Each to the state that it was recorded in, in reverse order. If one fails the others are tried all the same, then the
 * first failure is thrown. What was started is looked at once more, last: whatever ends in its first half second has failed.
 */
export const putBackAll = async (units: readonly ServiceUnit[], effect: Effect): Promise<void> => {
  const failures: unknown[] = [];
  const started: ServiceUnit[] = [];
  const putBack = async (unit: ServiceUnit): Promise<void> => {
    const steps = await bring(unit, unit.state, effect);
    if (steps.at(-1) === 'start') started.push(unit);
  };
  for (const together of byEntry(units).reverse()) failures.push(...(await failuresOf(together, putBack)));
  if (started.length > 0) await delay(STAYS_UP_MS);
  failures.push(...(await failuresOf(started, (unit) => confirm(unit, 'running'))));
  throwFirst(failures);
};

const STAYS_UP_MS = 500;

const inOrder = async (
  units: readonly ServiceUnit[],
  change: (unit: ServiceUnit) => Promise<unknown>,
): Promise<void> => {
  for (const together of byEntry(units)) throwFirst(await failuresOf(together, change));
};

const byEntry = (units: readonly ServiceUnit[]): ServiceUnit[][] => {
  const entries = new Map<number, ServiceUnit[]>();
  for (const unit of units) entries.set(unit.entry, [...(entries.get(unit.entry) ?? []), unit]);
  return [...entries.values()];
};

/** Waits for all: none is still at work when it resolves. */
const failuresOf = async (
  units: readonly ServiceUnit[],
  change: (unit: ServiceUnit) => Promise<unknown>,
): Promise<unknown[]> => {
  const outcomes = await Promise.allSettled(units.map(change));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
};

const throwFirst = ([first, ...others]: readonly unknown[]): void => {
  if (first === undefined) return;
  if (!(first instanceof Failure) || others.length === 0) throw first;
  const also = others.map((other) => `also: ${asFailure(other).message}`);
  const evidence = [first.evidence ?? '', ...also].join('\n');
  throw new Failure(first.code, first.message, { ...first, evidence, cause: first });
};
