// Programs in front of the real ones, on the agent's PATH: they misbehave, or wait in the middle until a test lets them go on.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { Scenario } from './scenario.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/programs/', import.meta.url));

/** The programs of these cases are found first. */
export const misbehave = async ({ programs }: Scenario, ...cases: readonly string[]): Promise<void> => {
  for (const name of cases)
    for (const program of await readdir(join(FIXTURES, name)))
      await symlink(join(FIXTURES, name, program), join(programs, program));
};

/** The real programs are found again; what waits goes on. */
export const behave = async ({ programs }: Scenario): Promise<void> => {
  for (const name of await readdir(programs)) await rm(join(programs, name), { recursive: true });
};

export interface Gate {
  /** Waits until the program is there. */
  reached(): Promise<void>;
  /** Lets it, and those that come later, go on. */
  open(): Promise<void>;
}

interface GateOptions {
  /** Only calls with this argument wait. */
  argument: string;
  /** What waits: its output after so many bytes, or its input. */
  waits: 'output' | 'input';
  bytes?: number;
}

/** The real program, that stops in the middle. */
export const putGate = async (
  { programs }: Scenario,
  program: string,
  { argument, waits, bytes = 10_000 }: GateOptions,
): Promise<Gate> => {
  const real = execFileSync('sh', ['-c', 'command -v "$1"', 'which', program], { encoding: 'utf8' }).trim();
  const file = join(programs, program);
  const wait = `{ head -c ${bytes}; touch '${file}.reached'; while [ ! -e '${file}.open' ] && [ -e '${file}' ]; do sleep 0.05; done; cat; }`;
  const run =
    waits === 'input'
      ? `${wait} | '${real}' "$@"`
      : `{ '${real}' "$@"; echo $? >'${file}.exit'; } | ${wait}; exit "$(cat '${file}.exit')"`;
  await writeFile(
    file,
    `#!/bin/sh\ncase " $* " in *' ${argument} '*) ;; *) exec '${real}' "$@" ;; esac\n${run}\n`,
  );
  await chmod(file, 0o755);
  return {
    reached: () =>
      vi.waitFor(() => expect(existsSync(`${file}.reached`)).toBe(true), { timeout: 60_000, interval: 10 }),
    open: () => writeFile(`${file}.open`, ''),
  };
};
