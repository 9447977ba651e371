// An agent that can be stopped before or after any of its effects, as a `kill -9` would, and is followed by another one
// on the same state folder. Real activities and workflows, a real server; many worlds share one pair of workers.
import { Context } from '@temporalio/activity';
import { ApplicationFailure, type Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import { loadConfig } from '../../src/config/load.js';
import type { Effect } from '../../src/domain/effect.js';
import { createFence } from '../../src/operations/agent/fence.js';
import { instanceId } from '../../src/operations/agent/instance.js';
import { endOrphans } from '../../src/operations/agent/processes.js';
import { createSlots } from '../../src/operations/agent/slots.js';
import { createTurns } from '../../src/operations/agent/turns.js';
import { createLogPusher } from '../../src/operations/log/log-push.js';
import { readRecord } from '../../src/operations/record.js';
import { runStateOf } from '../../src/temporal/run-state.js';
import { DEPLOYMENT } from './crash-look.js';
import type { CrashWorld } from './crash-world.js';

export const HOME = { temporal: 'crash', namespace: 'default' };
export const AGENT = 'crash';

/** Where to stop: the nth time that an effect of this name comes up. */
export interface CrashPoint {
  effect: string;
  nth: number;
  when: 'before' | 'after';
}

export interface CrashAgent {
  dependencies: Dependencies;
  isDead(): boolean;
}

/** The agents of one world, one after the other. */
export interface Agents {
  current(): Promise<CrashAgent>;
  /** Effects in the order in which they came up. */
  seen: string[];
  /** Resolves when an agent was stopped and the next one is there. */
  crashed: Promise<void>;
}

export interface CrashOptions {
  client: Client;
  world: CrashWorld;
  /** One for each agent that is to die, in turn; none: effects are only noted. */
  deaths: readonly Death[];
}

export interface Death {
  point: CrashPoint;
  /** Done the moment the agent dies, before the next one starts: cancel, terminate. */
  andThen: () => Promise<void>;
}

class Killed extends Error {}

export const createAgents = async ({ client, world, deaths }: CrashOptions): Promise<Agents> => {
  const seen: string[] = [];
  let announce: () => void = () => undefined;
  const crashed = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const next = async (index: number): Promise<CrashAgent> => {
    let dead = false;
    const death = deaths[index];
    let left = death?.point.nth ?? 0;
    const fence = createFence();
    const die = (): never => {
      dead = true;
      agent = (async () => {
        await death?.andThen();
        const record = await readRecord(world.config.state, DEPLOYMENT);
        if (record !== null) await fence.end(record.id);
        await endOrphans(world.config.state);
        const successor = await next(index + 1);
        if (index + 1 === deaths.length) announce();
        return successor;
      })();
      throw new Killed();
    };
    const effect: Effect = async (name, act) => {
      if (dead) throw new Killed();
      const plain = plainName(name, world);
      seen.push(plain);
      const here = plain === death?.point.effect && --left === 0;
      if (here && death.point.when === 'before') die();
      const result = await act();
      if (here) die();
      if (dead) throw new Killed();
      return result;
    };
    const { state, file } = world.config;
    const instance = await instanceId(state);
    const configured = () => loadConfig({ file });
    const dependencies = {
      state,
      instance,
      effect,
      fence,
      pushLog: createLogPusher({ state, instance, loadConfig: configured }),
      loadConfig: configured,
      temporal: HOME,
      backupSlots: createSlots(4),
      copyTurns: createTurns(),
      runState: runStateOf(client, HOME),
    };
    return { dependencies, isDead: () => dead };
  };
  let agent = next(0);
  await agent;
  return { current: () => agent, seen, crashed };
};

/** Without what differs from world to world. */
const plainName = (name: string, { folder }: CrashWorld): string =>
  name
    .replaceAll(folder, '')
    .replaceAll(/\d{8}T\d{9}Z/g, '<time>')
    .replaceAll(/\d{8}T\d{6}Z-\w+-[0-9a-f]{4}/g, '<backup>')
    .replaceAll(/[0-9a-f]{10}/g, '<operation>');

export interface CrashWorkers {
  /** From now on the activities of this run are this world's. */
  assign(workflowId: string, agents: Agents): void;
  stop(): Promise<void>;
}

/** One pair of workers for all worlds: each activity goes to the agent that is alive in the world of its run. */
export const startCrashWorkers = async (
  connection: NativeConnection,
  bundle: string,
): Promise<CrashWorkers> => {
  const agents = new Map<string, Agents>();
  const dispatch = <A extends object>(
    create: (dependencies: Dependencies) => A,
  ): Record<string, (input: unknown) => Promise<unknown>> => {
    const names = Object.keys(create({} as Dependencies));
    return Object.fromEntries(
      names.map((name) => [
        name,
        async (input: unknown) => {
          const { workflowId } = Context.current().info.workflowExecution ?? { workflowId: '' };
          const agent = await agents.get(workflowId)?.current();
          if (agent === undefined) throw new Error(`no world for ${workflowId}`);
          return unlessKilled(agent, () => call(create(agent.dependencies), name, input));
        },
      ]),
    );
  };
  const shared = {
    connection,
    maxHeartbeatThrottleInterval: '200ms',
    shutdownForceTime: '5s',
    maxCachedWorkflows: 12,
  };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: `holdfast.${AGENT}`,
      workflowBundle: { code: bundle },
      activities: dispatch(quickActivities),
    }),
    Worker.create({
      ...shared,
      taskQueue: `holdfast.${AGENT}.transfer`,
      activities: dispatch(transferActivities),
    }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    assign: (workflowId, one) => void agents.set(workflowId, one),
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
    },
  };
};

const call = (activities: object, name: string, input: unknown): Promise<unknown> => {
  const activity: unknown = Reflect.get(activities, name);
  if (typeof activity !== 'function') throw new Error(`no activity ${name}`);
  return activity(input);
};

/** A dead agent reports nothing: the server would notice by its heartbeats. Here it is tried again at once instead. */
const unlessKilled = async ({ isDead }: CrashAgent, act: () => Promise<unknown>): Promise<unknown> => {
  const outcome = await act().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (isDead()) throw ApplicationFailure.create({ message: 'the agent was killed', nextRetryDelay: '10ms' });
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
};
