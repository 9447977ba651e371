// Restores one database of a backup over the live one, in one transaction: all of it, or nothing has changed.
import type { DatabaseTarget } from '../../config/targets.js';
import { serverMajor } from '../../database/server.js';
import { analyze } from '../../database/staged-data.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts, StoredArtifact } from '../../domain/manifest.js';
import type { TransferHeartbeat } from '../../domain/progress.js';
import { pgRestoreInPlace } from '../../tools/pg-restore.js';
import { runPipeline } from '../../tools/process.js';
import { processRegister } from '../agent/processes.js';
import { applicationName, type Host } from '../context.js';
import { withPostgresProgram } from '../postgres-program.js';
import type { OperationRecord } from '../record.js';
import { scratchFolder } from '../state-folder.js';
import { decoders, type Sources, type StoredBackup } from '../stored-artifacts.js';

/** Whoever acts for an operation: one of its steps, its roll-back, whoever settles it. */
export interface Acting {
  record: OperationRecord;
  host: Host;
  signal: AbortSignal;
  report: (progress: TransferHeartbeat) => void;
}

export const restoreOver = async (
  { record, host, signal, report }: Acting,
  { sources, target, effect }: { sources: Sources; target: DatabaseTarget; effect: string },
): Promise<void> => {
  const { artifact } = databaseIn(sources, target.name);
  const name = applicationName(host, record.id);
  const major = await serverMajor(target, name);
  const place = { host, record, scratch: scratchFolder(host.state, record.id) };
  const program = { program: 'pg_restore' as const, target, major, applicationName: name };
  await host.effect(effect, () =>
    withPostgresProgram(place, { ...program, command: pgRestoreInPlace }, async (programs) =>
      runPipeline([...decoders(artifact, sources.identity), ...programs], {
        signal,
        processes: processRegister(host.state),
        stallTimeoutMs: record.settings.deployment.stallTimeoutMs,
        input: await sources.repository.open(`${sources.folder}/${artifact.name}`),
        consume: async () => undefined,
        onProgress: (bytes) => report({ source: `database.${target.name}`, bytes, expected: artifact.bytes }),
      }),
    ),
  );
  await analyze(target, { database: target.database, applicationName: name, signal });
};

/** Failure CORRUPT_MANIFEST when the backup does not describe it. */
export const databaseIn = (
  { manifest }: StoredBackup,
  database: string,
): { facts: DatabaseFacts; artifact: StoredArtifact } => {
  const facts = manifest.databases.find(({ name }) => name === database);
  const artifact = manifest.artifacts.find(({ kind, source }) => kind === 'database' && source === database);
  if (facts && artifact) return { facts, artifact };
  throw new Failure(
    'CORRUPT_MANIFEST',
    `the manifest of ${manifest.id} does not describe database ${database}`,
  );
};
