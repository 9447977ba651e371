import { configDefaults, defineConfig } from 'vitest/config';
import { KILLS } from './vitest.crash.config.js';
import { ELSEWHERE } from './vitest.repositories.config.js';
import { STORIES } from './vitest.scenarios.config.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Runs of their own: npm run test:scenarios, test:docker, test:repositories, test:crash.
    exclude: [...configDefaults.exclude, '**/*.docker.test.ts', ...ELSEWHERE, ...KILLS, ...STORIES],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
