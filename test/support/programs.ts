// Runs pipelines for tests: fixture programs on PATH, every program that was started, and a sink that remembers.
import { delimiter, join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { groupGone } from '../../src/tools/group-signal.js';
import type { ProcessRegister } from '../../src/tools/process.js';

const PROGRAMS = fileURLToPath(new URL('../fixtures/programs/', import.meta.url));

/** Puts the misbehaving programs of these cases in front of the real ones, until vi.unstubAllEnvs. */
export const putOnPath = (...cases: readonly string[]): void => {
  const folders = cases.map((name) => join(PROGRAMS, name));
  vi.stubEnv('PATH', [...folders, process.env.PATH ?? ''].join(delimiter));
};

export const rememberingRegister = () => {
  const started = new Map<number, string>();
  const ended: number[] = [];
  const register: ProcessRegister = {
    started: async (pid, program) => {
      started.set(pid, program);
    },
    ended: async (pid) => {
      ended.push(pid);
    },
  };
  return {
    register,
    programs: () => [...started.values()],
    /** What was started and not reported as ended, or still runs: the programs and whatever they started. */
    left: async () => {
      const gone = await Promise.all([...started.keys()].map((pid) => groupGone(pid, 0)));
      return [...started.keys()].filter((pid, index) => !ended.includes(pid) || !gone[index]);
    },
  };
};

/** Takes every byte; `completed` is what a file or an upload would call its end. */
export const rememberingSink = () => {
  const chunks: Buffer[] = [];
  let completed = false;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    final(done) {
      completed = true;
      done();
    },
  });
  return {
    consume: (stdout: NodeJS.ReadableStream) => pipeline(stdout, sink),
    completed: () => completed,
    bytes: () => Buffer.concat(chunks),
  };
};
