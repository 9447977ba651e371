// What a run shows of itself while it runs: steps for the `progress` query, and the same as Markdown in the Temporal UI.
import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type Progress, progressQuery, type RunKind, type StepProgress } from '../domain/progress.js';
import { markdown } from './details.js';
import { reason } from './failing.js';
import { listenForTroubles } from './troubles.js';

export interface ShownProgress {
  show: (change: Partial<Omit<Progress, 'kind' | 'deployment' | 'steps'>>) => void;
  /** Adds a step to the list; it shows what it is set to, until it is set again. */
  addStep: (name: string) => (state: StepProgress['state'], detail?: string) => void;
  /** Runs one step under its name; `detail` says in one line what came out of it. */
  step: <T>(name: string, act: (name: string) => Promise<T>, detail?: (result: T) => string) => Promise<T>;
  /** A step that may be run several times, and is shown once: as it went the last time. */
  repeated: (name: string) => RepeatedStep;
}

export type RepeatedStep = <T>(
  act: (name: string) => Promise<T>,
  detail?: (result: T) => string,
) => Promise<T>;

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
  const addStep = (name: string) => {
    const index = progress.steps.length;
    const set = (state: StepProgress['state'], detail = '') =>
      show({ steps: Object.assign([...progress.steps], { [index]: { name, state, detail } }) });
    set('running');
    return set;
  };
  setHandler(defineQuery<Progress>(progressQuery), () => progress, {
    description: 'Phase, steps and plan of this run',
  });
  listenForTroubles(
    () => progress.steps,
    (steps) => show({ steps }),
  );
  show({});
  return {
    show,
    addStep,
    step: (name, act, detail) => repeatedStep(name, addStep)(act, detail),
    repeated: (name) => repeatedStep(name, addStep),
  };
};

const repeatedStep = (name: string, addStep: ShownProgress['addStep']): RepeatedStep => {
  let set: ReturnType<ShownProgress['addStep']> | null = null;
  return async (act, detail = () => '') => {
    set ??= addStep(name);
    set('running');
    try {
      const result = await act(name);
      set('done', detail(result));
      return result;
    } catch (error) {
      set('failed', reason(error));
      throw error;
    }
  };
};
