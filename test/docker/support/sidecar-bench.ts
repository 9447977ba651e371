// A database in a container, its programs beside it, and what is left of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DatabaseTarget } from '../../../src/config/targets.js';
import type { Command } from '../../../src/tools/command.js';
import { writeConnectionFiles } from '../../../src/tools/postgres-connection.js';
import { runPipeline } from '../../../src/tools/process.js';
import {
  besideServer,
  type Sidecar,
  sidecarReading,
  sidecarWriting,
  withStream,
} from '../../../src/tools/sidecar.js';
import { rememberingRegister } from '../../support/programs.js';
import { docker } from './docker.js';

interface Run {
  signal?: AbortSignal;
  consume?: (stdout: Readable) => Promise<void>;
}

type Build = (found: { program: string; env: Record<string, string> }) => Command;

const INSTANCE = 'sidecar-bench';

export const sidecarBench = async (target: DatabaseTarget) => {
  const { container } = target;
  if (container === undefined) throw new Error('the database is in no container');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sidecar-'));
  const sidecar: Sidecar = { instance: INSTANCE, operation: '0123456789', container, folder };
  const env = (database: string) =>
    writeConnectionFiles(folder, { ...besideServer(target, container), database }, 'holdfast:bench');
  const run = (programs: readonly Command[], { signal, consume }: Run, input?: Readable) =>
    withStream(sidecar, () =>
      runPipeline(programs, {
        signal: signal ?? new AbortController().signal,
        processes: rememberingRegister().register,
        stallTimeoutMs: 0,
        consume: consume ?? (async (stdout) => void stdout.resume()),
        ...(input === undefined ? {} : { input }),
      }),
    );
  return {
    sidecar,
    /** Its stdout. */
    write: async (program: string, build: Build, how: Run = {}): Promise<Buffer> => {
      let bytes = Buffer.alloc(0);
      const consume = async (stdout: Readable): Promise<void> => {
        bytes = await buffer(stdout);
      };
      const command = build({ program, env: await env(target.database) });
      await run(sidecarWriting(sidecar, command), { consume, ...how });
      return bytes;
    },
    read: async (database: string, build: Build, input: Readable): Promise<void> => {
      const command = build({ program: 'pg_restore', env: await env(database) });
      await run(sidecarReading(sidecar, command), {}, input);
    },
    /** Ids of the sidecars that exist, running or not. */
    left: async (): Promise<string[]> =>
      (await docker()('ps', '--all', '--quiet', '--filter', `label=holdfast.instance=${INSTANCE}`))
        .split('\n')
        .filter((id) => id !== ''),
    remove: () => rm(folder, { recursive: true }),
  };
};
