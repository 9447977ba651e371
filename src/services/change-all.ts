// All units of a deployment: entry after entry as configured, the units of one entry together.
import type { Effect } from '../domain/effect.js';
import { asFailure, Failure } from '../domain/failure.js';
import { pauseUnit, putBack, startUnit, stopUnit } from './change.js';
import type { ServiceUnit } from './service-unit.js';

type Change = (unit: ServiceUnit, effect: Effect) => Promise<void>;

/** In order; the entries behind one that fails are not touched. */
export const stopAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inOrder(units, effect, stopUnit);

export const pauseAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inOrder(units, effect, pauseUnit);

/** In reverse; if one fails the others are tried all the same, then the first failure is thrown. */
export const startAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inReverse(units, effect, startUnit);

/** As startAll: each to the state that it was recorded in. */
export const putBackAll = (units: readonly ServiceUnit[], effect: Effect): Promise<void> =>
  inReverse(units, effect, putBack);

const inOrder = async (units: readonly ServiceUnit[], effect: Effect, change: Change): Promise<void> => {
  for (const together of byEntry(units)) throwFirst(await failuresOf(together, effect, change));
};

const inReverse = async (units: readonly ServiceUnit[], effect: Effect, change: Change): Promise<void> => {
  const failures: unknown[] = [];
  for (const together of byEntry(units).reverse())
    failures.push(...(await failuresOf(together, effect, change)));
  throwFirst(failures);
};

const byEntry = (units: readonly ServiceUnit[]): ServiceUnit[][] => {
  const entries = new Map<number, ServiceUnit[]>();
  for (const unit of units) entries.set(unit.entry, [...(entries.get(unit.entry) ?? []), unit]);
  return [...entries.values()];
};

/** Waits for all: none is still at work when it resolves. */
const failuresOf = async (
  units: readonly ServiceUnit[],
  effect: Effect,
  change: Change,
): Promise<unknown[]> => {
  const outcomes = await Promise.allSettled(units.map((unit) => change(unit, effect)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
};

const throwFirst = ([first, ...others]: readonly unknown[]): void => {
  if (first === undefined) return;
  if (!(first instanceof Failure) || others.length === 0) throw first;
  const also = others.map((other) => `also: ${asFailure(other).message}`);
  const evidence = [first.evidence ?? '', ...also].join('\n');
  throw new Failure(first.code, first.message, { ...first, evidence, cause: first });
};
