// Whether the restored application is well. What was ill before the restore does not roll it back by itself: somebody decides.
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';
import type { HealthSeen, RestorePlan } from '../domain/plans.js';
import { type Decision, decideUpdate } from '../domain/progress.js';
import { checkingHealth, quick, WATCHED } from './activities.js';
import { refusal, runFailure } from './failing.js';
import type { ShownProgress } from './progress.js';

/** How the application was before anything was stopped; null: nothing is checked. */
export const healthBefore = async (
  plan: RestorePlan,
  { step }: ShownProgress,
): Promise<HealthSeen | null> => {
  if (!plan.checks || plan.leaveStopped) return null;
  return step('health before', (name) => quick(name, WATCHED).lookAtHealth({ plan }), inWords);
};

export type HealthOutcome = 'healthy' | 'unhealthy' | 'not checked';

/** @throws UNHEALTHY: it was well before, or somebody decided to roll back */
export const requireHealth = async (
  plan: RestorePlan,
  before: HealthSeen | null,
  { progress, decide }: { progress: ShownProgress; decide: Decide },
): Promise<HealthOutcome> => {
  if (before === null) return 'not checked';
  const check = (name: string) => checkingHealth(name, plan.healthyWithinMs).awaitHealth({ plan });
  const now = await progress.step('health', check, inWords);
  if (now.healthy) return 'healthy';
  if (!before.healthy && (await decide(plan))) return 'unhealthy';
  throw runFailure(
    new Failure('UNHEALTHY', `the restored application is not healthy: ${now.lines.join('; ')}`),
  );
};

const inWords = ({ healthy, lines }: HealthSeen): string => (healthy ? 'healthy' : lines.join('; '));

/** Whether to keep what was restored. Nobody's answer within the approval's time keeps it: it was ill before, too. */
export type Decide = (plan: RestorePlan) => Promise<boolean>;

/** To be called when the run begins: from then on `decide` is known, and says when it makes no sense yet. */
export const prepareDecision = (progress: ShownProgress): Decide => {
  const waiting: { open: boolean; given: Decision | null } = { open: false, given: null };
  setHandler(
    defineUpdate<string, [Decision]>(decideUpdate),
    (decision) => {
      waiting.given = decision;
      return decision.keep ? 'what was restored is kept' : 'what was there before is put back';
    },
    {
      description:
        'Keeps or rolls back a restore whose application is as unhealthy as before: {"keep": true}',
      validator: (decision: Decision | null | undefined) => {
        if (!waiting.open || waiting.given !== null)
          throw refusal('INPUT_INVALID', 'nothing waits for a decision at this moment');
        if (typeof decision?.keep !== 'boolean')
          throw refusal('INPUT_INVALID', 'decide expects {"keep": true} or {"keep": false}');
      },
    },
  );
  const given = async (withinMs: number): Promise<Decision | null> => {
    waiting.open = true;
    progress.show({ phase: 'waiting for a decision' });
    try {
      await condition(() => waiting.given !== null, withinMs, {
        summary: 'waiting for the update decide with {"keep": true} or {"keep": false}',
      });
    } finally {
      waiting.open = false;
    }
    progress.show({ phase: 'working' });
    return waiting.given;
  };
  return async (plan) => {
    const decision = await progress.step('decision', () => given(plan.approveWithinMs), decided);
    return decision?.keep ?? true;
  };
};

const decided = (decision: Decision | null): string => {
  if (decision === null) return 'kept: nobody answered';
  const by = typeof decision.by === 'string' && decision.by !== '' ? ` by ${decision.by}` : '';
  return `${decision.keep ? 'kept' : 'rolled back'}${by}`;
};
