import { configDefaults, defineConfig } from 'vitest/config';
import { KILLS } from './vitest.crash.config.js';
import { ELSEWHERE } from './vitest.repositories.config.js';

/** Stories that take minutes: all but those that every change should hear. */
export const STORIES = [
  'test/scenarios/!(backup-and-restore|bad-input|commands|recovery|undo).test.ts',
  'test/integration/embedded-{server,serving,supervisor}.test.ts',
  'test/integration/schedules.test.ts',
  'test/workflows/long-runs.test.ts',
];

export default defineConfig({
  test: {
    include: STORIES,
    exclude: [...configDefaults.exclude, ...ELSEWHERE, ...KILLS],
    pool: 'forks',
    maxConcurrency: 8,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
