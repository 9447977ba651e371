import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a Docker engine: npm run test:docker.
    exclude: [...configDefaults.exclude, '**/*.docker.test.ts'],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
