// Every run tells that it began and how it ended, whatever it does between: it stands around the workflows, so that even an input
// that nobody understands is told of. No run waits long for it, and none fails by it.
import {
  CancellationScope,
  ContinueAsNew,
  getCurrentDetails,
  patched,
  TemporalFailure,
  type WorkflowExecuteInput,
  type WorkflowInterceptorsFactory,
  workflowInfo,
} from '@temporalio/workflow';
import { CANCELLED, type EventKind, type Happening, TOLD_RUNS, type ToldRun } from '../domain/events.js';
import { fitting } from '../domain/findings.js';
import { isName } from '../domain/names.js';
import { outcomeOf } from '../domain/run-outcome.js';
import { telling } from './activities.js';
import { codeOf, detailsOf, reason } from './failing.js';
import { isBusy, scheduledFor } from './scheduled.js';

type Told = Pick<Happening, 'what' | 'deployment' | 'tier'>;

/** This run, where it is one that tells. */
let told: Told | null = null;

export const interceptors: WorkflowInterceptorsFactory = () => ({ inbound: [{ execute: toldRun }] });

type Next = (input: WorkflowExecuteInput) => Promise<unknown>;

const toldRun = async (input: WorkflowExecuteInput, next: Next): Promise<unknown> => {
  const what = TOLD_RUNS.find((kind) => kind === workflowInfo().workflowType);
  // Runs of earlier versions tell nothing.
  if (what === undefined || isDryRun(input.args[0]) || !patched('told')) return next(input);
  told = { what, ...namesIn(what, input.args[0]) };
  const begun = isContinued() ? Promise.resolve() : tellThat('started');
  try {
    const result = await next(input);
    await begun;
    await tellEnd(what, outcomeOf(result));
    return result;
  } catch (error) {
    // What is no failure of the run is tried again by the worker, or goes on as a new one.
    if (error instanceof ContinueAsNew || !(error instanceof TemporalFailure)) throw error;
    await begun;
    const { hint = '', evidence = '' } = detailsOf(error);
    const kind = isDecided(what, error) ? 'restore-ended' : 'failed';
    const refused = isRefused(error) ? { refused: true as const } : {};
    await tellThat(kind, { cause: reason(error), hint, log: `${stepsSoFar()}${evidence}`, ...refused });
    throw error;
  }
};

type Words = Pick<Happening, 'cause' | 'hint' | 'log' | 'refused'>;

/** What a run tells of itself; the agent tells the rest. */
type OwnKind = Exclude<EventKind, 'recovered' | 'overdue'>;

/** Nothing where no run is told of. Never rejects. */
export const tellThat = async (
  kind: OwnKind,
  { cause = '', hint = '', log = '', ...refused }: Partial<Words> = {},
): Promise<void> => {
  const about = told;
  if (about === null) return;
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const happening: Happening = {
    ...{ id: `${PREFIXES[kind]}-${firstExecutionRunId}`, kind, ...about },
    run: { workflowId, runId: firstExecutionRunId },
    at: new Date().toISOString(),
    cause: cause.slice(0, MOST_CAUSE),
    hint: hint.slice(0, MOST_CAUSE),
    log: lastLines(log),
    ...refused,
  };
  await CancellationScope.nonCancellable(() => telling(`tell: ${kind}`).tell({ happening })).catch(
    () => undefined,
  );
};

/** A run has one end, whatever it is called. */
const PREFIXES: Record<OwnKind, string> = {
  started: 'start',
  succeeded: 'end',
  failed: 'end',
  'restore-ended': 'end',
  late: 'late',
  'restore-waiting': 'waiting',
};

const tellEnd = (what: ToldRun, trouble: string): Promise<void> => {
  if (trouble !== '') return tellThat('failed', { cause: trouble, log: stepsSoFar() });
  return tellThat(what === 'restore' ? 'restore-ended' : 'succeeded');
};

/** Somebody wanted it so, or said nothing: not a restore that failed. */
const isDecided = (what: ToldRun, error: unknown): boolean =>
  what === 'restore' && (reason(error) === CANCELLED || codeOf(error) === 'NOT_APPROVED');

/** What a schedule or another run started has waited in vain; a person has only to come again. */
const isRefused = (error: unknown): boolean =>
  isBusy(error) && scheduledFor() === null && workflowInfo().parent === undefined;

/** As far as the input says; whether it makes sense is looked at later. */
const namesIn = (what: ToldRun, input: unknown): Pick<Happening, 'deployment' | 'tier'> => {
  const given: object = typeof input === 'object' && input !== null ? input : {};
  const nameAt = (key: string): string => {
    const value: unknown = Reflect.get(given, key);
    return isName(value) ? value : '';
  };
  const tier = nameAt('tier') || 'manual';
  return { deployment: nameAt('deployment'), tier: what === 'backup' ? tier : '' };
};

const isDryRun = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && Reflect.get(input, 'dryRun') === true;

const isContinued = (): boolean => workflowInfo().continuedFromExecutionRunId !== undefined;

const MOST_CAUSE = 500;
/** All of it stays under 4 kB. */
const MOST_LOG_BYTES = 1_800;

/** As the run shows them, one a line. */
const stepsSoFar = (): string =>
  getCurrentDetails()
    .split('\n')
    .flatMap((line) => (line.startsWith('- ') ? [`${line.slice(2)}\n`] : []))
    .join('');

const lastLines = (text: string): string => {
  const lines = text.trimEnd().split('\n').reverse();
  return fitting(lines, MOST_LOG_BYTES).kept.reverse().join('\n');
};
