// The real workflows on a real Temporal server of a test file's own. Every test is a deployment with its own fake
// activities, so that all of them share one server and one agent.
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { taskQueue, transferQueue } from '../../src/domain/queues.js';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { workflowBundle } from '../support/workflow-bundle.js';
import { type Activities, fakeActivities } from './fake-activities.js';
import { createDeployment, type FakeDeployment } from './fake-deployment.js';

export interface WorkflowRuns {
  /** A deployment of this name; `changed` replaces some of its activities. */
  deploy(name: string, changed?: Partial<Activities>): FakeDeployment;
  stop(): Promise<void>;
}

const AGENT = 'test';
const SILENT = { format: 'json', level: 'never' };

/**
 * @param settings the server's own: `limit.historyCount.suggestContinueAsNew=40`
 * @param telling whether runs tell of themselves, as an agent's do
 */
export const startRuns = async (
  settings: readonly string[] = [],
  { telling = false }: { telling?: boolean } = {},
): Promise<WorkflowRuns> => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const executable = { type: 'existing-path', path: await findTemporalCli() } as const;
  const [server, bundle] = await Promise.all([
    TestWorkflowEnvironment.createLocal({
      server: {
        executable,
        log: SILENT,
        extraArgs: ['--output', 'none', ...settings.flatMap((one) => ['--dynamic-config-value', one])],
      },
    }),
    workflowBundle(logger, { telling }),
  ]);
  const deployments = new Map<string, FakeDeployment>();
  const activities = dispatching(deployments);
  const shared = { connection: server.nativeConnection, activities, maxHeartbeatThrottleInterval: 20 };
  const workers = await Promise.all([
    Worker.create({ ...shared, workflowBundle: bundle, taskQueue: taskQueue(AGENT) }),
    Worker.create({ ...shared, taskQueue: transferQueue(AGENT) }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    deploy: (name, changed = {}) => {
      const fakes = { ...fakeActivities, ...changed };
      const deployment = createDeployment(name, { client: server.client, agent: AGENT, fakes });
      deployments.set(name, deployment);
      return deployment;
    },
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await server.teardown();
    },
  };
};

/** Calls the activity of the deployment that its input names. */
const dispatching = (deployments: ReadonlyMap<string, FakeDeployment>) =>
  Object.fromEntries(
    Object.keys(fakeActivities).map((name) => [
      name,
      (input: ActivityInput) => {
        const deployment = deployments.get(deploymentOf(input));
        if (deployment === undefined) throw new Error(`no test deploys ${deploymentOf(input)}`);
        return deployment.call(name, input);
      },
    ]),
  );

interface ActivityInput {
  deployment?: string;
  plan?: { deployment: string };
  request?: { deployment: string };
  happening?: { deployment: string };
}

const deploymentOf = ({ plan, request, happening, deployment }: ActivityInput): string =>
  plan?.deployment ?? request?.deployment ?? happening?.deployment ?? deployment ?? '';
