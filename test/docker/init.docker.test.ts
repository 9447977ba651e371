// holdfast init in the folder of a Compose project that runs: what it writes backs the project up, and the backup restores.
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { createScenario } from '../support/scenario.js';
import { holdfast } from '../support/scenario-commands.js';
import { upStack } from './stack.js';
import { DATABASE, fill } from './support/fill.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const stack = await upStack();
await fill(stack);
const scenario = await createScenario(stack.cluster);

afterAll(async () => {
  await scenario.remove();
  await stack.down();
});

const run = async (...args: string[]) => {
  const how = { cwd: stack.folder, config: null };
  const { exit, stdout, stderr } = await holdfast(scenario, [...args, '--json'], how);
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout, stderr });
  return JSON.parse(stdout);
};

it('finds the database, the volumes, the folders and the services by the containers, and they can be backed up and drilled', async () => {
  const places = ['--state', scenario.state, '--repository', scenario.repository];
  const found = await run('init', '--yes', '--deployment', 'edms', ...places);
  const { project } = stack;
  expect(found).toMatchObject({
    config: join(stack.folder, 'holdfast.yaml'),
    database: {
      ...{ kind: 'compose', project, service: 'db', name: DATABASE, user: 'app' },
      password: `command:docker exec ${project}-db-1 printenv POSTGRES_PASSWORD`,
    },
    files: [
      { name: 'media', path: stack.paths.media },
      { name: 'uploads', volume: stack.volumes.uploads },
    ],
    services: { project, services: ['web', 'worker'], healthy: ['web'] },
    ready: true,
    space: { unknown: [] },
  });
  expect(JSON.stringify(found)).not.toContain(stack.cluster.password);
  expect(found.space.databaseBytes).toBeGreaterThan(0);
  const { backup } = await run('backup', 'edms');
  expect(await run('drill', 'edms')).toMatchObject({ backup });
});
