// holdfast beside a stack: a scenario whose holdfast.yaml protects the stack as the deployment `edms`.
import { createScenario, type Scenario } from '../../support/scenario.js';
import type { Stack } from '../stack.js';
import { DATABASE } from './fill.js';

export interface StackScenario extends Scenario {
  /** Writes holdfast.yaml: what the stack is, with these settings of the deployment in place of its own. */
  writeConfig(overrides?: Record<string, unknown>, top?: Record<string, unknown>): Promise<void>;
  /** The database as holdfast.yaml names it. */
  appDatabase(more?: Record<string, unknown>): Record<string, unknown>;
}

/** Its holdfast.yaml is written. */
export const createStackScenario = async (stack: Stack): Promise<StackScenario> => {
  const scenario = await createScenario(stack.cluster);
  const appDatabase = (more: Record<string, unknown> = {}) => scenario.database(DATABASE, more);
  const writeConfig = (overrides: Record<string, unknown> = {}, top: Record<string, unknown> = {}) =>
    scenario.configure({ edms: { ...deployment(stack, appDatabase()), ...overrides } }, top);
  await writeConfig();
  return { ...scenario, appDatabase, writeConfig };
};

/** Database and files live outside the services that are stopped: the database's container goes on running. */
const deployment = ({ project, paths, volumes, url }: Stack, database: Record<string, unknown>) => ({
  database,
  files: { media: paths.media, uploads: { volume: volumes.uploads } },
  services: [{ compose: { project, services: ['web', 'worker'] } }],
  health: { within: '30s', checks: [{ http: { url: `${url}/health`, status: 200 } }] },
});
