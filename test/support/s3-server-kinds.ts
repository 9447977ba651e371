// The S3 servers that tests run against.

export type ServerKind = 'versitygw' | 'seaweedfs';

/** SeaweedFS is pinned for this kind of system only: scripts/s3-servers.sh says so, and fails elsewhere in CI. */
export const SERVER_KINDS: readonly ServerKind[] =
  process.platform === 'linux' && process.arch === 'x64' ? ['versitygw', 'seaweedfs'] : ['versitygw'];
