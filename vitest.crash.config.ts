import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/scenarios/crash-points.test.ts'],
    pool: 'forks',
    maxConcurrency: 8,
    testTimeout: 200_000,
    hookTimeout: 60_000,
  },
});
