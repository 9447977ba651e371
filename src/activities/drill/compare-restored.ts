// Compares one restored database with its artifact: both as SQL, neither of them in memory or on disk.
import type { DatabaseTarget } from '../../config/targets.js';
import { outputParameters } from '../../database/output-parameters.js';
import { serverMajor } from '../../database/server.js';
import { Failure } from '../../domain/failure.js';
import { compareDumps, type DumpComparison } from '../../operations/compare-dumps.js';
import { applicationName } from '../../operations/context.js';
import { withPostgresProgram } from '../../operations/postgres-program.js';
import { leftOutOf } from '../../operations/recorded-drill.js';
import { type DumpLine, digestDump, dumpLines } from '../../tools/dump-lines.js';
import { pgDumpText } from '../../tools/pg-dump.js';
import { runPipeline } from '../../tools/process.js';
import type { OperationAttempt } from '../attempt.js';
import type { Sources } from '../restore/artifacts-of.js';
import { digestBackup, keepDigest, keptDigest } from './digest-backup.js';

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
  const backup = await digestOf(attempt, sources, { target, major });
  if (backup === null)
    return { objects: 0, notes: [`the dump of database ${name} was not compared: no pg_restore is here`] };
  const comparison = compareDumps();
  for await (const line of backup) comparison.take('backup', line);
  const into = { ...target, database: side.name, parameters: outputParameters(target, facts) };
  await dumpRestored(attempt, { into, major, comparison });
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

interface Server {
  target: DatabaseTarget;
  major: number;
}

/** Kept since it was restored; an agent of before did not keep it. */
const digestOf = async (
  attempt: OperationAttempt,
  sources: Sources,
  { target, major }: Server,
): Promise<AsyncIterable<DumpLine> | null> => {
  const kept = await keptDigest(attempt, target.name);
  if (kept !== null) return kept;
  const digest = await digestBackup(attempt, sources, { target, major, signal: attempt.signal });
  if (digest === null) return null;
  await keepDigest(attempt, target.name, digest);
  return keptDigest(attempt, target.name);
};

const dumpRestored = async (
  attempt: OperationAttempt,
  { into, major, comparison }: { into: DatabaseTarget; major: number; comparison: DumpComparison },
): Promise<void> => {
  const applied = applicationName(attempt.host, attempt.record.id);
  await withPostgresProgram(
    attempt,
    {
      program: 'pg_dump',
      target: into,
      major,
      applicationName: applied,
      command: (found) => pgDumpText(found, leftOutOf(attempt.record)),
    },
    async (programs) => {
      await runPipeline([...programs, digestDump()], {
        ...attempt.run,
        consume: async (stdout) => {
          for await (const line of dumpLines(stdout)) {
            comparison.take('restored', line);
            if ('bytes' in line)
              attempt.report({ source: `database.${into.name}`, bytes: line.bytes, expected: 0 });
          }
        },
      });
    },
  );
};
