// What happened between two looks at a run, a line each: steps that began or ended, attempts that failed, what is waited for.
import type { Progress, StepProgress } from '../../domain/progress.js';
import type { PendingStep, RunView } from '../run-view.js';

export interface Change {
  /** What a terminal shows in its live lines anyway is `begun`. */
  kind: 'begun' | 'done' | 'failed' | 'retry' | 'phase';
  text: string;
}

export const changesBetween = (before: RunView | null, after: RunView, now: Date): Change[] => [
  ...phaseChange(before?.progress ?? null, after.progress),
  ...stepChanges(before?.progress?.steps ?? [], after.progress?.steps ?? []),
  ...after.pending.flatMap((step) => retryChange(before?.pending ?? [], step, now)),
  ...after.pending.flatMap((step) => wordsChange(before?.pending ?? [], step)),
];

/** Steps keep their place in the list, so the same index is the same step. */
const stepChanges = (before: readonly StepProgress[], after: readonly StepProgress[]): Change[] =>
  after.flatMap((step, index) => (before[index]?.state === step.state ? [] : stepChange(step)));

const stepChange = ({ name, state, detail }: StepProgress): Change[] => {
  const said = detail === '' ? '' : `: ${detail}`;
  if (state === 'running') return [{ kind: 'begun', text: `${name} …` }];
  if (state === 'done') return [{ kind: 'done', text: `${name}${said === '' ? ': done' : said}` }];
  return [{ kind: 'failed', text: `${name} failed${said}` }];
};

/** An attempt's failure is said at once; the same sentence is not said again at every attempt. */
const retryChange = (before: readonly PendingStep[], step: PendingStep, now: Date): Change[] => {
  if (step.failure === null) return [];
  const known = before.find(({ id }) => id === step.id)?.failure;
  if (known?.message === step.failure.message) return [];
  const { code, message, hint: next } = step.failure;
  // Whether there is an agent now, the monitor says, which asks it: most of them come back by themselves.
  const hint = code === 'NO_AGENT' ? '' : next;
  return [
    { kind: 'retry', text: `${inWords(step.activity)}: ${message}` },
    ...(hint === '' ? [] : [{ kind: 'retry' as const, text: `  hint: ${hint}` }]),
    { kind: 'retry', text: `  again ${when(step.retryAt, now)}; Ctrl-C stops` },
  ];
};

/** What a step that moves no bytes has seen last. */
const wordsChange = (before: readonly PendingStep[], { id, transfer }: PendingStep): Change[] => {
  if (transfer?.words === undefined) return [];
  const known = before.find((step) => step.id === id)?.transfer;
  return known?.words === transfer.words
    ? []
    : [{ kind: 'begun', text: `${transfer.source}: ${transfer.words}` }];
};

const when = (retryAt: Date | null, now: Date): string => {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt.getTime() - now.getTime()) / 1000);
  return seconds > 0 ? `in ${seconds} s` : 'now';
};

const phaseChange = (before: Progress | null, after: Progress | null): Change[] =>
  after?.phase === 'rolling back' && before?.phase !== 'rolling back'
    ? [{ kind: 'phase', text: 'rolling back: what was begun is undone' }]
    : [];

/** `dumpDatabases` as `dump databases`, `stageTrees` as its step is called: `stage files`. */
const inWords = (activity: string): string =>
  activity.replace('Trees', 'Files').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
