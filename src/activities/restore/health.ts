// How the application is: looked at once before anything is stopped, and waited for after the restored data is live.
import type { Deployment } from '../../config/config.js';
import { firstValue } from '../../database/first-value.js';
import { Failure } from '../../domain/failure.js';
import type { HealthSeen, RestorePlan } from '../../domain/plans.js';
import type { HealthCheck, HealthState } from '../../health/health-check.js';
import { openHealthCheck } from '../../health/open-health-check.js';
import { untilHealthy } from '../../health/until-healthy.js';
import { applicationName } from '../../operations/context.js';
import { locateDatabase } from '../../operations/locate.js';
import { operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

interface HealthInput {
  plan: RestorePlan;
}

/** More would not fit on a screen, nor in a payload. */
const MOST_WORDS = 400;

export const lookAtHealth = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'health before',
    async ({ plan }: HealthInput, attempt): Promise<HealthSeen> => {
      const checks = healthChecks(
        attempt.record.settings.deployment,
        applicationName(attempt.host, plan.operation),
      );
      return seen(await Promise.all(checks.map((check) => check.check(attempt.signal))));
    },
  );

export const awaitHealth = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'health', async ({ plan }: HealthInput, attempt): Promise<HealthSeen> => {
    const { deployment } = attempt.record.settings;
    const checks = healthChecks(deployment, applicationName(attempt.host, plan.operation));
    const last = new Map<string, HealthState>();
    const onState = (state: HealthState): void => {
      last.set(state.label, state);
      attempt.report({ source: 'health', bytes: 0, expected: 0, words: nowWords([...last.values()]) });
    };
    const { withinMs } = deployment.health;
    return seen(await untilHealthy(checks, { withinMs, signal: attempt.signal, onState }));
  });

export const healthChecks = (deployment: Deployment, name: string): HealthCheck[] =>
  deployment.health.checks.map((settings) =>
    openHealthCheck(settings, {
      query: async (database, sql, signal) => {
        const found = deployment.databases.find((one) => one.name === database);
        if (found === undefined) throw new Failure('CONFIG_INVALID', `there is no database ${database}`);
        return firstValue(await locateDatabase(found), sql, { applicationName: name, signal });
      },
    }),
  );

/** What still fails, for those who watch. */
const nowWords = (states: readonly HealthState[]): string => {
  const failing = states.filter(({ ok }) => !ok).map(({ words }) => words);
  return failing.length === 0 ? 'nothing fails any more' : failing.join('; ').slice(0, MOST_WORDS);
};

const seen = (states: readonly HealthState[]): HealthSeen => {
  const failing = states.filter(({ ok }) => !ok);
  return {
    healthy: failing.length === 0,
    lines: failing.slice(0, 5).map(({ words }) => words.slice(0, MOST_WORDS)),
  };
};
