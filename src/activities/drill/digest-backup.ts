// What a backup's dump of one database says, object by object: read while that database is restored, when a processor is
// free, and kept in the operation's scratch folder until the drill compares it with what was restored.
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DatabaseTarget } from '../../config/targets.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { leftOutOf } from '../../operations/recorded-drill.js';
import { replaceBytes } from '../../operations/state-folder.js';
import { type DumpLine, digestDump, dumpLines } from '../../tools/dump-lines.js';
import { postgresProgram } from '../../tools/find-program.js';
import { pgRestoreText } from '../../tools/pg-restore.js';
import { runPipeline } from '../../tools/process.js';
import type { OperationAttempt } from '../attempt.js';
import { decoders, type Sources } from '../restore/artifacts-of.js';

export interface Digesting {
  target: DatabaseTarget;
  /** The server's. */
  major: number;
  signal: AbortSignal;
}

/** To be kept. null: nothing here prints dumps. A host without PostgreSQL's programs restores by those of a container. */
export const digestBackup = async (
  { run, record }: Pick<OperationAttempt, 'run' | 'record'>,
  { manifest, repository, folder, identity }: Sources,
  { target, major, signal }: Digesting,
): Promise<string | null> => {
  const printer = await printerFor(target, major);
  if (printer === null) return null;
  const artifact = manifest.artifacts.find(
    ({ kind, source }) => kind === 'database' && source === target.name,
  );
  if (artifact === undefined)
    throw new Failure('CORRUPT_MANIFEST', `the manifest names no dump of database ${target.name}`);
  const programs = [pgRestoreText(printer, leftOutOf(record)), digestDump()];
  let lines = '';
  await runPipeline([...decoders(artifact, identity), ...programs], {
    ...run,
    signal,
    input: await repository.open(`${folder}/${artifact.name}`),
    consume: async (stdout) => {
      lines = await text(stdout);
    },
  });
  return lines;
};

const printerFor = async ({ container }: DatabaseTarget, major: number): Promise<string | null> => {
  try {
    return (await postgresProgram('pg_restore', major)).path;
  } catch (error) {
    if (container !== undefined && ['TOOL_MISSING', 'VERSION_MISMATCH'].includes(asFailure(error).code))
      return null;
    throw error;
  }
};

type Place = Pick<OperationAttempt, 'scratch' | 'host'>;

export const keepDigest = ({ scratch, host }: Place, database: string, digest: string): Promise<void> =>
  host.effect(`note what the dump of ${database} says`, () =>
    replaceBytes(digestFile(scratch, database), digest),
  );

/** null: none is kept. */
export const keptDigest = async (
  { scratch }: Pick<Place, 'scratch'>,
  database: string,
): Promise<AsyncIterable<DumpLine> | null> => {
  const file = digestFile(scratch, database);
  return access(file).then(
    () => dumpLines(createReadStream(file)),
    () => null,
  );
};

const digestFile = (scratch: string, database: string): string => join(scratch, `dump-${database}.jsonl`);
