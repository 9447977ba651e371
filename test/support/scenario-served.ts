// The story that most commands are tried in: one application, `holdfast up` that serves it, and a backup of it. It ends with the
// test file, and nothing may be left beside the live data after each of its tests.
import { afterAll, afterEach } from 'vitest';
import { startCluster } from './postgres-cluster.js';
import { createScenario } from './scenario.js';
import { createApplications } from './scenario-application.js';
import { backUp, serve } from './scenario-commands.js';
import { expectNothingLeft } from './scenario-leftovers.js';

export const createServedApplication = async () => {
  const cluster = await startCluster();
  const scenario = await createScenario(cluster);
  const application = await createApplications(scenario);
  const edms = await application('edms');
  const up = await serve(scenario);
  const backup = await backUp(scenario);
  const backedUp = await edms.live();
  afterEach(() => expectNothingLeft(scenario, edms.trees));
  afterAll(async () => {
    await up.stop();
    await scenario.remove();
    await cluster.stop();
  });
  return { scenario, edms, up, backup, backedUp };
};
