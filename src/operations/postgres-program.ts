// A PostgreSQL program for one database: the host's own where its version is the server's, else a sidecar of its container.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseContainer, DatabaseTarget } from '../config/targets.js';
import type { Command } from '../tools/command.js';
import { exactProgram, type PostgresProgram, postgresProgram } from '../tools/find-program.js';
import { writeConnectionFiles } from '../tools/postgres-connection.js';
import { besideServer, sidecarReading, sidecarWriting, withStream } from '../tools/sidecar.js';
import { removeSidecars } from '../tools/sidecars.js';
import type { Host } from './context.js';
import type { OperationRecord } from './record.js';

/** Which operation it runs for, and that one's private folder. */
export interface ProgramPlace {
  host: Pick<Host, 'instance'>;
  record: Pick<OperationRecord, 'id'>;
  scratch: string;
}

export interface ProgramRequest {
  program: PostgresProgram;
  /** What it connects to; `major` is the server's. */
  target: DatabaseTarget;
  major: number;
  applicationName: string;
  /** Gives the program's arguments, once its place and how it connects are known. */
  command: (found: { program: string; env: Readonly<Record<string, string>> }) => Command;
}

/** Programs that behave as the one: pg_restore's first reads the archive, the others' last writes it. Good while `use` runs. */
export const withPostgresProgram = async <T>(
  place: ProgramPlace,
  request: ProgramRequest,
  use: (programs: readonly Command[]) => Promise<T>,
): Promise<T> => {
  const { program, target, major, command } = request;
  const { container } = target;
  if (container !== undefined && (await exactProgram(program, major)) === null)
    return inSidecar(place, { ...request, container }, use);
  const { path } = await postgresProgram(program, major);
  const env = await writeConnectionFiles(await folderFor(place, target), target, request.applicationName);
  return use([command({ program: path, env })]);
};

const inSidecar = async <T>(
  place: ProgramPlace,
  { program, target, container, applicationName, command }: ProgramRequest & { container: DatabaseContainer },
  use: (programs: readonly Command[]) => Promise<T>,
): Promise<T> => {
  const folder = await folderFor(place, target);
  const env = await writeConnectionFiles(folder, besideServer(target, container), applicationName);
  const own = { instance: place.host.instance, operation: place.record.id };
  const sidecar = { ...own, container, folder };
  const wrapped = program === 'pg_restore' ? sidecarReading : sidecarWriting;
  try {
    return await withStream(sidecar, () => use(wrapped(sidecar, command({ program, env }))));
  } catch (error) {
    // No effect of its own: those of an attempt that was told to stop do not happen, and this must.
    await removeSidecars(own).catch(() => undefined);
    throw error;
  }
};

const folderFor = async ({ scratch }: ProgramPlace, target: DatabaseTarget): Promise<string> => {
  const folder = join(scratch, `connection-${target.name}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
};
