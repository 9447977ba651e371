// What was planned is done with the configuration that it was planned with, or not at all.
import type { Deployment } from '../config/config.js';
import { Failure } from '../domain/failure.js';

export const requirePinned = (deployment: Deployment, plan: { configuration: string }): void => {
  if (deployment.digest === plan.configuration) return;
  throw new Failure(
    'PLAN_CHANGED',
    `the configuration of ${deployment.name} changed after the plan was made`,
    {
      hint: 'start again: a new plan is made from it',
    },
  );
};
