// Brings one unit to a state, from whichever it is in: it looks first, so it is safe to repeat at any point, and it looks
// afterwards, since a program that says that it stopped something need not have.
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import type { Driver, Sight } from './driver.js';
import { openUnit } from './open-unit.js';
import type { ServiceUnit, UnitState } from './service-unit.js';

/** As it is now; what keeps being started again counts as running, and so does what has not stopped yet. */
export const stateOf = async (unit: ServiceUnit): Promise<UnitState> => {
  const sight = await openUnit(unit).look();
  return sight === 'paused' || sight === 'stopped' ? sight : 'running';
};

type Step = 'start' | 'stop' | 'pause' | 'unpause';

const STEPS: Readonly<Record<UnitState, Readonly<Record<UnitState, readonly Step[]>>>> = {
  running: { running: [], paused: ['pause'], stopped: ['stop'] },
  paused: { running: ['unpause'], paused: [], stopped: ['stop'] },
  stopped: { running: ['start'], paused: ['start', 'pause'], stopped: [] },
};

const AFTERWARDS: Readonly<Record<Step, UnitState>> = {
  start: 'running',
  stop: 'stopped',
  pause: 'paused',
  unpause: 'running',
};

/** Gives the steps that it took: none when it was so already. */
export const bring = async (
  unit: ServiceUnit,
  wanted: UnitState,
  effect: Effect,
): Promise<readonly Step[]> => {
  const driver = openUnit(unit);
  const from = startingPoint(await driver.look(), wanted);
  const steps = STEPS[from][wanted];
  for (const step of steps) {
    await effect(`${step} ${unit.label}`, () => take(unit, driver, step));
    await confirm(unit, AFTERWARDS[step]);
  }
  return steps;
};

/** What is stopping is waited for: by stopping it again, or before it is started. */
const startingPoint = (sight: Sight, wanted: UnitState): UnitState => {
  if (sight === 'failing') return 'running';
  if (sight === 'stopping') return wanted === 'stopped' ? 'running' : 'stopped';
  return sight;
};

/** @throws SERVICE_FAILED, with what it printed last */
export const confirm = async (unit: ServiceUnit, wanted: UnitState): Promise<void> => {
  const driver = openUnit(unit);
  const sight = await driver.look();
  if (sight === wanted || (wanted === 'running' && sight === 'failing' && !unit.steady)) return;
  const evidence = await lastWords(driver);
  const message =
    wanted === 'running' ? `${unit.label} was started and ended at once` : `${unit.label} is not ${wanted}`;
  throw new Failure('SERVICE_FAILED', message, { evidence });
};

/** They are evidence only: without them the failure is the same. */
const lastWords = (driver: Driver): Promise<string> => driver.lastWords().catch(() => '');

/** Somebody else may have taken the same step meanwhile: then the engine refuses, and all is well. */
const take = async (unit: ServiceUnit, driver: Driver, step: Step): Promise<void> => {
  try {
    await driver[step]();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'TOOL_FAILED') throw error;
    if ((await driver.look()) === AFTERWARDS[step]) return;
    throw new Failure('SERVICE_FAILED', `cannot ${step} ${unit.label}: ${error.message}`, {
      evidence: error.evidence,
      cause: error,
    });
  }
};
