// Drills of the database, beside what they are measured against: a plain pg_restore of the same artifact, and one pg_dump of it.
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { holdfast, type Place } from '../demo/command-line.js';
import type { Subject } from './by-hand.js';
import { DEPLOYMENT } from './rounds.js';

export interface MeasuredDrill {
  /** The whole command, and what it says a recovery takes. */
  drillSeconds: number;
  recoverySeconds: number;
  byHandSeconds: number;
}

const backedUp = z.object({ backup: z.string() });
const drilled = z.object({ recoveryMs: z.number() });

/** One of each a round, in turn. */
export const measureDrills = async (
  place: Place,
  subject: Subject,
  rounds: number,
): Promise<MeasuredDrill[]> => {
  const made = await holdfast(place, 'backup', DEPLOYMENT, '--type', 'database', '--json');
  const { backup } = backedUp.parse(JSON.parse(made.stdout));
  const artifact = join(place.sandbox.folder, 'backups', DEPLOYMENT, backup, 'database.main.dump.zst');
  const measured: MeasuredDrill[] = [];
  for (let round = 1; round <= rounds; round++) {
    const byHandSeconds = await restoreAndDump(subject, artifact);
    const { seconds, stdout } = await holdfast(place, 'drill', DEPLOYMENT, backup, '--json');
    const recoverySeconds = drilled.parse(JSON.parse(stdout)).recoveryMs / 1000;
    console.error(
      `drill ${round} of ${rounds}: ${seconds.toFixed(1)} s (recovery ${recoverySeconds.toFixed(1)} s), by hand ${byHandSeconds.toFixed(1)} s`,
    );
    measured.push({ drillSeconds: seconds, recoverySeconds, byHandSeconds });
  }
  return measured;
};

const BY_HAND = `createdb -T template0 bench_by_hand
zstd -dqc "$ARTIFACT" | pg_restore -e -d bench_by_hand
pg_dump bench_by_hand > /dev/null`;

const restoreAndDump = async ({ cluster, interrupted }: Subject, artifact: string): Promise<number> => {
  const env = {
    PGHOST: cluster.host,
    PGPORT: String(cluster.port),
    PGUSER: cluster.user,
    PGPASSWORD: cluster.password,
    ARTIFACT: artifact,
  };
  const options = { stdin: 'ignore' as const, env, cancelSignal: interrupted };
  const { durationMs } = await execa('bash', ['-c', `set -euo pipefail\n${BY_HAND}`], options);
  await execa('bash', ['-c', 'dropdb bench_by_hand'], options);
  return durationMs / 1000;
};
