// Compares one restored database with its artifact: both as SQL, at the same time, neither of them in memory or on disk.
import type { Readable } from 'node:stream';
import type { DatabaseTarget } from '../../config/targets.js';
import { outputParameters } from '../../database/output-parameters.js';
import { serverMajor } from '../../database/server.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { compareDumps, type Side } from '../../operations/compare-dumps.js';
import { applicationName } from '../../operations/context.js';
import { withPostgresProgram } from '../../operations/postgres-program.js';
import { leftOutOf } from '../../operations/recorded-drill.js';
import { postgresProgram } from '../../tools/find-program.js';
import { pgDumpText } from '../../tools/pg-dump.js';
import { pgRestoreText } from '../../tools/pg-restore.js';
import { runPipeline } from '../../tools/process.js';
import type { OperationAttempt } from '../attempt.js';
import { decoders, type Sources } from '../restore/artifacts-of.js';

export interface Compared {
  objects: number;
  /** What was not compared, and why. */
  notes: string[];
}

/** @throws NOT_IDENTICAL with the first table or object that is not the backup's */
export const compareRestored = async (
  attempt: OperationAttempt,
  sources: Sources,
  target: DatabaseTarget,
): Promise<Compared> => {
  const { name } = target;
  const facts = sources.manifest.databases.find((one) => one.name === name);
  const side = attempt.record.sideDatabases.find(({ database }) => database === name);
  if (facts === undefined || side === undefined)
    throw new Failure('CORRUPT_MANIFEST', `the manifest does not describe database ${name}`);
  const major = await serverMajor(target, applicationName(attempt.host, attempt.record.id));
  const printer = await printerFor(target, major);
  if (printer === null)
    return { objects: 0, notes: [`the dump of database ${name} was not compared: no pg_restore is here`] };
  const into = { ...target, database: side.name, parameters: outputParameters(target, facts) };
  const comparison = compareDumps();
  const read = (which: Side) => (stdout: Readable) => comparison.read(which, stdout);
  await bothOrNone(attempt.signal, [
    (signal) => printBackup(attempt, sources, { name, printer, signal, consume: read('backup') }),
    (signal) => dumpRestored(attempt, { into, major, signal, consume: read('restored') }),
  ]);
  const { lines, ofExtensions, dataOnly, objects } = comparison.differences(facts.tables);
  if (lines.length > 0)
    throw new Failure('NOT_IDENTICAL', `database ${name} is not what was backed up: ${lines[0]}`, {
      evidence: lines.slice(0, 50).join('\n'),
    });
  return {
    objects,
    notes: [
      ...(dataOnly
        ? [`of database ${name} only the data was compared: another version writes definitions otherwise`]
        : []),
      ...ofExtensions.map((line) => `database ${name}, of an extension and not counted: ${line}`),
    ],
  };
};

/** A host without PostgreSQL's programs restores by those of the database's container, which cannot print to us. */
const printerFor = async ({ container }: DatabaseTarget, major: number): Promise<string | null> => {
  try {
    return (await postgresProgram('pg_restore', major)).path;
  } catch (error) {
    if (container !== undefined && ['TOOL_MISSING', 'VERSION_MISMATCH'].includes(asFailure(error).code))
      return null;
    throw error;
  }
};

interface Consuming {
  signal: AbortSignal;
  consume: (stdout: Readable) => Promise<void>;
}

const printBackup = async (
  { run, record, report }: OperationAttempt,
  { manifest, repository, folder, identity }: Sources,
  { name, printer, ...consuming }: Consuming & { name: string; printer: string },
): Promise<void> => {
  const artifact = manifest.artifacts.find(({ kind, source }) => kind === 'database' && source === name);
  if (artifact === undefined)
    throw new Failure('CORRUPT_MANIFEST', `the manifest names no dump of database ${name}`);
  await runPipeline([...decoders(artifact, identity), pgRestoreText(printer, leftOutOf(record))], {
    ...run,
    ...consuming,
    input: await repository.open(`${folder}/${artifact.name}`),
    onProgress: (bytes) => report({ source: `database.${name}`, bytes, expected: artifact.bytes }),
  });
};

const dumpRestored = async (
  attempt: OperationAttempt,
  { into, major, ...consuming }: Consuming & { into: DatabaseTarget; major: number },
): Promise<void> => {
  const name = applicationName(attempt.host, attempt.record.id);
  await withPostgresProgram(
    attempt,
    {
      program: 'pg_dump',
      target: into,
      major,
      applicationName: name,
      command: (found) => pgDumpText(found, leftOutOf(attempt.record)),
    },
    async (programs) => {
      await runPipeline(programs, { ...attempt.run, ...consuming });
    },
  );
};

/** The first that fails ends the other one, and is what is thrown. */
const bothOrNone = async (
  signal: AbortSignal,
  acts: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> => {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const running = acts.map((act) =>
    act(both).catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(running);
  await Promise.all(running);
};
