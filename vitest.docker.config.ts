import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.docker.test.ts'],
    globalSetup: ['test/docker/set-up.ts'],
    pool: 'forks',
    // One engine, and one of the stories kills it.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
