import { defineConfig } from 'vitest/config';

/** What kills: the table of crash points, and agents and servers killed from outside. */
export const KILLS = ['test/scenarios/{crash-points,kills,recovery-killed,services-killed}.test.ts'];

export default defineConfig({
  test: {
    include: KILLS,
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 200_000,
    hookTimeout: 120_000,
  },
});
