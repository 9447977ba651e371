import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/repository-s3*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    // The first run on a machine builds the servers.
    hookTimeout: 300_000,
  },
});
