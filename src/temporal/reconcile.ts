// What has to happen so that the server's schedules are those of the configuration. Decides only, and changes nothing.
import { digestOf } from '../config/digest.js';
import type { ScheduleFacts } from './schedule-facts.js';
import { OWNER } from './schedule-options.js';
import type { WantedSchedule } from './wanted-schedules.js';

export interface ExistingSchedule {
  id: string;
  /** From the schedule's own memo: `holdfast`, or somebody else's. */
  owner: string | null;
  /** What was applied last, from the action's memo; null: it is gone. */
  fingerprint: string | null;
  facts: ScheduleFacts;
  paused: boolean;
  /** Why it is paused, as an operator said. */
  note: string;
}

export type Verdict =
  | 'create'
  /** The configuration changed since it was applied. */
  | 'update'
  /** Ours, and the configuration asks for it no more. */
  | 'remove'
  | 'equal'
  /** Somebody else's, although it has a name of ours: never touched. */
  | 'foreign'
  /** Somebody edited it since it was applied: put right only when somebody asks for it. */
  | 'drifted';

export interface Reconciled {
  id: string;
  verdict: Verdict;
  wanted: WantedSchedule | null;
  existing: ExistingSchedule | null;
  /** What somebody edited: `timezone is UTC instead of Europe/Zurich`. */
  differences: string[];
}

/** The wanted ones in their order, then those that are not wanted. A pause is no difference: it is the operator's. */
export const reconcile = (
  wanted: readonly WantedSchedule[],
  existing: readonly ExistingSchedule[],
): Reconciled[] => {
  const there = new Map(existing.map((one) => [one.id, one]));
  const asked = new Set(wanted.map(({ id }) => id));
  return [
    ...wanted.map((one) => judged(one, there.get(one.id) ?? null)),
    ...existing
      .filter(({ id }) => !asked.has(id))
      .map(
        (one): Reconciled => ({
          ...{ id: one.id, wanted: null, existing: one, differences: [] },
          verdict: one.owner === OWNER ? 'remove' : 'foreign',
        }),
      ),
  ];
};

const judged = (wanted: WantedSchedule, existing: ExistingSchedule | null): Reconciled => {
  const both = { id: wanted.id, wanted, existing, differences: [] };
  if (existing === null) return { ...both, verdict: 'create' };
  if (existing.owner !== OWNER) return { ...both, verdict: 'foreign' };
  const now = digestOf(existing.facts);
  if (now === wanted.fingerprint)
    return { ...both, verdict: existing.fingerprint === now ? 'equal' : 'update' };
  if (now === existing.fingerprint) return { ...both, verdict: 'update' };
  return { ...both, verdict: 'drifted', differences: differencesOf(existing.facts, wanted.facts) };
};

const differencesOf = (is: ScheduleFacts, wanted: ScheduleFacts): string[] =>
  NAMED.flatMap(([key, name]) => {
    if (digestOf([is[key]]) === digestOf([wanted[key]])) return [];
    if (key === 'calendars' || key === 'others') return [`${name} were changed`];
    return [`${name} is ${worded(is[key])} instead of ${worded(wanted[key])}`];
  });

const worded = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const NAMED = [
  ['calendars', 'its moments'],
  ['others', 'intervals or exceptions'],
  ['timezone', 'timezone'],
  ['jitterMs', 'jitter in milliseconds'],
  ['overlap', 'overlap policy'],
  ['catchUpMs', 'catch-up window in milliseconds'],
  ['pauseOnFailure', 'pause on failure'],
  ['workflow', 'workflow'],
  ['workflowId', 'workflow id'],
  ['taskQueue', 'task queue'],
  ['input', 'input'],
] as const satisfies [keyof ScheduleFacts, string][];
