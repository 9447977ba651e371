import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a Docker engine: npm run test:docker. And real S3 servers: npm run test:s3.
    exclude: [...configDefaults.exclude, '**/*.docker.test.ts', '**/repository-s3*.test.ts'],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
