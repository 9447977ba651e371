// What holdfast is measured against, as a shell script would do it.
import { join } from 'node:path';
import { execa } from 'execa';
import type { Cluster } from '../test/support/postgres-cluster.js';
import { DATABASE } from './database.js';

export interface Subject {
  cluster: Cluster;
  storage: string;
  /** Where the scripts write; the same disk as the repository. */
  scratch: string;
  interrupted: AbortSignal;
}

const DUMP = `pg_dump -Fc -Z0 ${DATABASE}`;
const TAR = 'tar -C "$STORAGE" -cf - .';
const ZSTD = 'zstd -q -T0 -3';

const SCRIPTS = {
  dumpFloor: `${DUMP} > /dev/null`,
  tarFloor: `${TAR} | cat > /dev/null`,
  tarZstd: `${TAR} | ${ZSTD} > /dev/null`,
  byHand: `${DUMP} | ${ZSTD} > dump & dump=$!
${TAR} | ${ZSTD} > tar & tar=$!
wait $dump; wait $tar
sha256sum dump tar > sums`,
  // With what a manifest must say, and one more snapshot that stands for it.
  restic: `export RESTIC_REPOSITORY=$PWD/by-hand RESTIC_PASSWORD=by-hand
store() { restic --no-cache backup --quiet "$@"; }
test -e by-hand || restic init --quiet
${DUMP} | tee >(sha256sum > dump.sum) | store --stdin --stdin-filename=dump & dump=$!
${TAR} | tee >(sha256sum > tar.sum) | store --stdin --stdin-filename=tar & tar=$!
wait $dump; wait $tar
store dump.sum tar.sum`,
  today: `pg_dump -Fc ${DATABASE} > dump; tar -C "$STORAGE" -czf tar.gz .`,
};

export type Script = keyof typeof SCRIPTS;

/** Seconds. */
export const timeScript = async (
  { cluster, storage, scratch, interrupted }: Subject,
  script: Script,
): Promise<number> => {
  const { durationMs } = await execa('bash', ['-c', `set -euo pipefail\n${SCRIPTS[script]}`], {
    cwd: scratch,
    stdin: 'ignore',
    env: {
      PGHOST: cluster.host,
      PGPORT: String(cluster.port),
      PGUSER: cluster.user,
      PGPASSWORD: cluster.password,
      STORAGE: storage,
    },
    cancelSignal: interrupted,
  });
  await execa('rm', ['-f', ...['dump', 'tar', 'tar.gz', 'sums'].map((name) => join(scratch, name))]);
  return durationMs / 1000;
};
