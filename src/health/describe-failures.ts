// What to say when an application is not healthy.
import { Failure } from '../domain/failure.js';
import type { HealthState } from './health-check.js';

/** UNHEALTHY: a sentence for each check that failed, in its own words. */
export const describeFailures = (states: readonly HealthState[]): Failure => {
  const failing = states.filter(({ ok }) => !ok);
  const count = `${failing.length} of ${states.length} health checks ${failing.length === 1 ? 'fails' : 'fail'}`;
  return new Failure('UNHEALTHY', [count, failing.map(({ words }) => words).join('; ')].join(': '), {
    evidence: states.map(({ ok, words }) => `${ok ? 'passes' : 'fails'}: ${words}`).join('\n'),
  });
};
