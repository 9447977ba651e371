// What a run shows of itself while it runs: steps for the `progress` query, and the same as Markdown in the Temporal UI.
import {
  ActivityFailure,
  ApplicationFailure,
  defineQuery,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { type Progress, progressQuery, type RunKind } from '../domain/progress.js';

export interface ShownProgress {
  show: (change: Partial<Omit<Progress, 'kind' | 'deployment' | 'steps'>>) => void;
  /** Runs one step under its name; `detail` says in one line what came out of it. */
  step: <T>(name: string, act: (name: string) => Promise<T>, detail?: (result: T) => string) => Promise<T>;
}

export const showProgress = (kind: RunKind, deployment: string): ShownProgress => {
  let progress: Progress = {
    kind,
    deployment,
    backup: '',
    phase: 'planning',
    steps: [],
    plan: [],
    confirm: '',
  };
  const show = (change: Partial<Progress>) => {
    progress = { ...progress, ...change };
    setCurrentDetails(markdown(progress));
  };
  const mark = (index: number, name: string, state: 'running' | 'done' | 'failed', detail: string) =>
    show({ steps: Object.assign([...progress.steps], { [index]: { name, state, detail } }) });
  setHandler(defineQuery<Progress>(progressQuery), () => progress, {
    description: 'Phase, steps and plan of this run',
  });
  show({});
  return {
    show,
    step: async (name, act, detail = () => '') => {
      const index = progress.steps.length;
      mark(index, name, 'running', '');
      try {
        const result = await act(name);
        mark(index, name, 'done', detail(result));
        return result;
      } catch (error) {
        mark(index, name, 'failed', reason(error));
        throw error;
      }
    },
  };
};

/** One sentence: the root of a chain of failures. */
export const reason = (error: unknown): string => {
  if (isCancellation(error)) return 'cancelled';
  if (error instanceof ActivityFailure && error.cause !== undefined) return reason(error.cause);
  return error instanceof Error ? error.message : String(error);
};

/** The failure that an activity ended with, as the failure of the run. */
export const rootFailure = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : error;

const SIGNS = { running: '…', done: '✓', failed: '✗' } as const;

const markdown = ({ phase, backup, plan, steps, confirm }: Progress): string =>
  [
    `**${phase}** ${backup}`,
    ...plan.map((line) => `- ${line}`),
    ...(confirm === '' ? [] : [`Approve with the update \`approve\` and \`{"confirm": "${confirm}"}\`.`]),
    '',
    ...steps.map(
      ({ name, state, detail }) => `${SIGNS[state]} ${name}${detail === '' ? '' : `: ${detail}`}  `,
    ),
  ].join('\n');
