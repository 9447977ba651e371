// How the program of a `command:` reference is run.
import { Failure } from '../domain/failure.js';
import { runProgram } from './process.js';

/** Gives its output. */
export const runForSecret = async (program: string, args: string[]): Promise<string> => {
  const { exitCode, stdout } = await runProgram({ program, args }, { timeoutMs: 30_000 });
  if (exitCode === 0) return stdout;
  throw new Failure('CONFIG_INVALID', `${program}, which should print a secret, failed (exit ${exitCode})`);
};
