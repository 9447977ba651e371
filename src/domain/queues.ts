// Names that the agent and its clients must agree on.
import type { RunKind } from './progress.js';

/** Workflows and short activities. */
export const taskQueue = (agent: string): string => `holdfast.${agent}`;

/** Long activities, few at a time. */
export const transferQueue = (agent: string): string => `holdfast.${agent}.transfer`;

/** One run of a kind for a deployment: the server refuses a second one. */
export const workflowId = (deployment: string, kind: RunKind): string => `holdfast.${deployment}.${kind}`;
