// The agent's two workers: workflows and short activities on one queue, long activities, few at a time, on the other.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Dependencies } from '../activities/dependencies.js';
import { quickActivities, transferActivities } from '../activities/index.js';
import { taskQueue, transferQueue } from '../domain/queues.js';

/** Dump and archive of two deployments at a time. */
export const BACKUP_TRANSFERS = 4;

/** Long activities that the worker takes; backups wait for one of their slots inside, so a restore never waits for them. */
const TRANSFERS = 50;

export interface AgentWorkers {
  /** Resolves when `stop` is aborted and everything has ended. */
  run(stop: AbortSignal): Promise<void>;
}

export const createAgentWorkers = async (
  connection: NativeConnection,
  { agent, namespace, dependencies }: { agent: string; namespace: string; dependencies: Dependencies },
): Promise<AgentWorkers> => {
  const shared = {
    connection,
    namespace,
    identity: `holdfast.${agent}@${hostname()}`,
    // A cancellation arrives with a heartbeat: within a second instead of eight.
    maxHeartbeatThrottleInterval: '1s',
    maxConcurrentActivityTaskPolls: 2,
    // Ended attempts clean up after themselves; a step that is cut off is taken up again.
    shutdownGraceTime: 0,
    shutdownForceTime: '20s',
  } satisfies Partial<WorkerOptions>;
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      ...workflowCode(),
      taskQueue: taskQueue(agent),
      activities: quickActivities(dependencies),
      maxCachedWorkflows: 20,
      maxConcurrentActivityTaskExecutions: 20,
    }),
    Worker.create({
      ...shared,
      taskQueue: transferQueue(agent),
      activities: transferActivities(dependencies),
      maxConcurrentActivityTaskExecutions: TRANSFERS,
    }),
  ]);
  return {
    run: async (stop) => {
      const shutDown = () => {
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      };
      stop.addEventListener('abort', shutDown, { once: true });
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        stop.removeEventListener('abort', shutDown);
      }
    },
  };
};

/** Bundled at build time, so that an agent starts quickly; from a source tree without a build it is bundled now. */
const workflowCode = (): Partial<WorkerOptions> => {
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const at = (name: string): string =>
    fileURLToPath(new URL(`../workflows/${name}.${extension}`, import.meta.url));
  return { workflowsPath: at('index'), interceptors: { workflowModules: [at('telling')] } };
};
