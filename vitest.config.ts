import { configDefaults, defineConfig } from 'vitest/config';
import { KILLS } from './vitest.crash.config.js';
import { ELSEWHERE } from './vitest.repositories.config.js';
import { STORIES } from './vitest.scenarios.config.js';

// Runs of their own: npm run test:scenarios, test:docker, test:repositories, test:crash.
const exclude = [...configDefaults.exclude, '**/*.docker.test.ts', ...ELSEWHERE, ...KILLS, ...STORIES];

const UNIT = 'test/unit/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      // What tests here touch is their own, so that nothing has to be loaded anew for each file.
      { extends: true, test: { name: 'unit', include: [UNIT], exclude, isolate: false } },
      {
        extends: true,
        test: { name: 'real parts', include: ['test/**/*.test.ts'], exclude: [...exclude, UNIT] },
      },
    ],
  },
});
