// Restores every database of the plan into a side database and compares the rows of every table with the manifest.
// Nothing that the application uses is touched.
import type { DatabaseTarget } from '../../config/targets.js';
import { serverMajor } from '../../database/server.js';
import { analyze, compareCounts, countRows, createSideDatabase } from '../../database/side-database.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts, StoredArtifact } from '../../domain/manifest.js';
import type { StagingPlan } from '../../domain/plans.js';
import { endPredecessors } from '../../operations/agent/predecessors.js';
import { applicationName, recordedTargets } from '../../operations/context.js';
import { withPostgresProgram } from '../../operations/postgres-program.js';
import { readRecord, type SideDatabase, writeRecord } from '../../operations/record.js';
import { leftOutOf } from '../../operations/recorded-drill.js';
import { pgRestore } from '../../tools/pg-restore.js';
import { runPipeline } from '../../tools/process.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import { bothOrNone } from '../both-or-none.js';
import type { Dependencies } from '../dependencies.js';
import { drain } from '../drain.js';
import { digestBackup, keepDigest } from '../drill/digest-backup.js';
import { decoders, type Sources, withSources } from './artifacts-of.js';

export const stageDatabases = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'stage databases', ({ plan }: { plan: StagingPlan }, attempt) =>
    withSources(attempt, async (sources) => {
      const targets = await recordedTargets(attempt.record);
      const name = applicationName(attempt.host, plan.operation);
      await endPredecessors(attempt.record, targets[0], attempt.host);
      let rows = 0;
      for (const target of targets) {
        const staging = stagingOf(attempt, { sources, target, name });
        await create(attempt, staging);
        await restore(attempt, staging);
        rows += await compare(attempt, staging);
      }
      return { databases: targets.length, rows };
    }),
  );

interface Staging {
  sources: Sources;
  target: DatabaseTarget;
  /** application_name of every session. */
  name: string;
  side: SideDatabase;
  facts: DatabaseFacts;
  artifact: StoredArtifact;
}

const stagingOf = (
  { record }: OperationAttempt,
  { sources, target, name }: Pick<Staging, 'sources' | 'target' | 'name'>,
): Staging => {
  const { manifest } = sources;
  const side = record.sideDatabases.find(({ database }) => database === target.name);
  const facts = manifest.databases.find((one) => one.name === target.name);
  const artifact = manifest.artifacts.find(
    ({ kind, source }) => kind === 'database' && source === target.name,
  );
  if (side && facts && artifact) return { sources, target, name, side, facts, artifact };
  throw new Failure(
    'CORRUPT_MANIFEST',
    `the manifest of ${manifest.id} does not describe database ${target.name}`,
  );
};

/** What an earlier attempt left under that name is dropped; the oid goes into the record. */
const create = async (
  { host, record }: OperationAttempt,
  { target, name, side, facts }: Staging,
): Promise<void> => {
  const { oid } = await createSideDatabase(target, {
    applicationName: name,
    side,
    facts,
    effect: host.effect,
  });
  const now = (await readRecord(host.state, record.deployment)) ?? record;
  const sideDatabases = now.sideDatabases.map((one) => (one.name === side.name ? { ...one, oid } : one));
  await writeRecord(host.state, { ...now, sideDatabases }, host.effect);
};

/** A drill reads the backup's dump meanwhile: a restore leaves a processor free. */
const restore = async (attempt: OperationAttempt, staging: Staging): Promise<void> => {
  const { sources, target, name } = staging;
  const major = await serverMajor(target, name);
  if (attempt.record.kind !== 'drill') return fill(attempt, { ...staging, major, signal: attempt.signal });
  const [, digest] = await bothOrNone(
    attempt.signal,
    (signal) => fill(attempt, { ...staging, major, signal }),
    (signal) => digestBackup(attempt, sources, { target, major, signal }),
  );
  if (digest !== null) await keepDigest(attempt, target.name, digest);
};

const fill = (
  attempt: OperationAttempt,
  { sources, target, name, side, artifact, major, signal }: Staging & { major: number; signal: AbortSignal },
): Promise<void> =>
  attempt.host.effect(`restore into ${side.name}`, () =>
    withPostgresProgram(
      attempt,
      {
        program: 'pg_restore',
        target: { ...target, database: side.name },
        major,
        applicationName: name,
        command: (found) => pgRestore(found, leftOutOf(attempt.record)),
      },
      async (programs) => {
        await runPipeline([...decoders(artifact, sources.identity), ...programs], {
          ...attempt.run,
          signal,
          input: await sources.repository.open(`${sources.folder}/${artifact.name}`),
          consume: drain,
          onProgress: (bytes) =>
            attempt.report({ source: `database.${target.name}`, bytes, expected: artifact.bytes }),
        });
      },
    ),
  );

/** Gives the number of rows, counted beside the planner's own look at them. Failure NOT_IDENTICAL names the tables that differ. */
const compare = async (
  attempt: OperationAttempt,
  { target, name, side, facts }: Staging,
): Promise<number> => {
  const asked = { database: side.name, applicationName: name };
  const [counted] = await bothOrNone(
    attempt.signal,
    (signal) => countRows(target, { ...asked, signal }),
    (signal) => analyze(target, { ...asked, signal }),
  );
  const differences = compareCounts(facts, counted);
  if (differences.length === 0) return counted.tables.reduce((sum, { rows }) => sum + rows, 0);
  throw new Failure('NOT_IDENTICAL', `database ${target.name} is not what was backed up: ${differences[0]}`, {
    evidence: differences.slice(0, 50).join('\n'),
  });
};
