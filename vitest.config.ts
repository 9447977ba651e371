import { configDefaults, defineConfig } from 'vitest/config';
import { KILLS } from './vitest.crash.config.js';
import { ELSEWHERE } from './vitest.repositories.config.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Runs of their own: npm run test:docker, npm run test:repositories, npm run test:crash.
    exclude: [...configDefaults.exclude, '**/*.docker.test.ts', ...ELSEWHERE, ...KILLS],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
