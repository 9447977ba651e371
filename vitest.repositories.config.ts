import { configDefaults, defineConfig } from 'vitest/config';
import { SERVER_KINDS } from './test/support/s3-server-kinds.js';

/** Repositories that need servers or programs of their own, and minutes. */
export const ELSEWHERE = [
  'test/**/repository-{s3,rclone,restic}*.test.ts',
  'test/contract/{rclone,rclone-sftp,rclone-webdav,restic}-repository.test.ts',
  'test/scenarios/{restic*,recovery-restic}.test.ts',
];

export default defineConfig({
  test: {
    include: ELSEWHERE,
    exclude: [...configDefaults.exclude, ...(SERVER_KINDS.includes('seaweedfs') ? [] : ['**/*seaweedfs*'])],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    // The first run on a machine builds the servers.
    hookTimeout: 300_000,
  },
});
