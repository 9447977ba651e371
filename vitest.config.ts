import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Those need a Docker engine: npm run test:docker; real S3 servers: npm run test:s3. The table takes as long as all the
    // rest: npm run test:crash.
    exclude: [
      ...configDefaults.exclude,
      '**/*.docker.test.ts',
      '**/repository-s3*.test.ts',
      'test/scenarios/crash-points.test.ts',
    ],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
