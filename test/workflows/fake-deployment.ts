// A deployment of a test: its fake activities, what was called when, and its runs.
import type { Client, WorkflowHandle } from '@temporalio/client';
import { expect, vi } from 'vitest';
import { type Progress, progressQuery, type RunKind } from '../../src/domain/progress.js';
import { taskQueue, workflowId } from '../../src/domain/queues.js';
import { tellRun } from '../../src/temporal/tell-run.js';
import type { Activities } from './fake-activities.js';

export interface FakeDeployment {
  name: string;
  /** `swap begins`, `swap ends`: every attempt, in order. */
  journal: string[];
  /** The names of the activities that began, every attempt. */
  calls(): string[];
  /** What an activity was given, every attempt. */
  inputs<N extends keyof Activities>(name: N): Parameters<Activities[N]>[0][];
  begun(name: keyof Activities): Promise<void>;
  call(name: string, input: unknown): Promise<unknown>;
  /** With `{deployment}` as the input, and `rest` added to it. */
  start(kind: RunKind, rest?: Record<string, unknown>): Promise<Run>;
  startWith(kind: RunKind, args: unknown[]): Promise<Run>;
  /** As a click on Trigger in the schedule's page of the UI. */
  trigger(kind: RunKind, rest?: Record<string, unknown>): Promise<Run>;
}

export interface Run {
  handle: WorkflowHandle;
  progress(): Promise<Progress>;
  /** Waits for a phase. */
  reaches(phase: Progress['phase']): Promise<Progress>;
  update(name: string, argument?: unknown): Promise<unknown>;
}

interface Parts {
  client: Client;
  agent: string;
  fakes: Activities;
}

export const createDeployment = (name: string, { client, agent, fakes }: Parts): FakeDeployment => {
  const journal: string[] = [];
  const inputs = new Map<string, unknown[]>();
  const startWith = async (kind: RunKind, args: unknown[]) =>
    runOf(
      await client.workflow.start(kind, {
        args,
        taskQueue: taskQueue(agent),
        workflowId: workflowId(name, kind),
      }),
    );
  const calls = () => journal.flatMap((entry) => entry.split(' begins').slice(0, -1));
  return {
    name,
    journal,
    calls,
    inputs: (activity) => (inputs.get(activity) ?? []) as never,
    begun: (activity) => vi.waitFor(() => expect(calls()).toContain(activity), WAIT),
    call: async (activity, input) => {
      journal.push(`${activity} begins`);
      inputs.set(activity, [...(inputs.get(activity) ?? []), input]);
      try {
        return await Reflect.apply(Reflect.get(fakes, activity), undefined, [input]);
      } finally {
        journal.push(`${activity} ends`);
      }
    },
    start: (kind, rest = {}) => startWith(kind, [{ deployment: name, ...rest }]),
    startWith,
    trigger: async (kind, rest = {}) =>
      runOf(await triggered(client, { name, kind, agent, input: { deployment: name, ...rest } })),
  };
};

interface Scheduled {
  name: string;
  kind: RunKind;
  agent: string;
  input: unknown;
}

const triggered = async (
  client: Client,
  { name, kind, agent, input }: Scheduled,
): Promise<WorkflowHandle> => {
  const schedule = await client.schedule.create({
    scheduleId: `${name}.${kind}`,
    spec: {},
    state: { paused: true },
    action: {
      ...{ type: 'startWorkflow', workflowType: kind, taskQueue: taskQueue(agent), args: [input] },
      workflowId: workflowId(name, kind),
    },
  });
  await schedule.trigger();
  return vi.waitFor(async () => {
    const [started] = (await schedule.describe()).info.recentActions;
    if (started === undefined) throw new Error('the schedule has started nothing yet');
    return client.workflow.getHandle(started.action.workflow.workflowId);
  }, WAIT);
};

const WAIT = { timeout: 60_000, interval: 20 };

const runOf = (handle: WorkflowHandle): Run => {
  const progress = () => handle.query<Progress>(progressQuery);
  return {
    handle,
    progress,
    reaches: (phase) =>
      vi.waitFor(async () => {
        const now = await progress();
        expect(now.phase).toBe(phase);
        return now;
      }, WAIT),
    update: (name, argument) => tellRun(handle, name, argument),
  };
};
