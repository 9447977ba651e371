// An application that somebody protects who uses Temporal alone, and `holdfast up` that serves it.
import { startCluster } from './postgres-cluster.js';
import { createScenario, type Scenario } from './scenario.js';
import { type Application, createApplications } from './scenario-application.js';
import { answerOf, serve } from './scenario-commands.js';
import { expectNothingLeft } from './scenario-leftovers.js';

export interface Served {
  scenario: Scenario;
  /** The deployment `edms`. */
  application: Application;
  newestBackup(): Promise<string>;
  expectNothingLeft(): Promise<void>;
  stop(): Promise<void>;
}

export const serveApplication = async (): Promise<Served> => {
  const cluster = await startCluster();
  const scenario = await createScenario(cluster);
  const create = await createApplications(scenario);
  const application = await create('edms');
  const up = await serve(scenario);
  return {
    scenario,
    application,
    newestBackup: async () => {
      const [newest] = await answerOf<{ backup: string }[]>(scenario, ['list', 'edms']);
      return newest?.backup ?? '';
    },
    expectNothingLeft: () => expectNothingLeft(scenario, application.trees),
    stop: async () => {
      await up.stop();
      await scenario.remove();
      await cluster.stop();
    },
  };
};
