// What an intake says while a source passes through it: how far it is, and at the end what it was.
import { Failure } from '../../domain/failure.js';
import { INTAKE, intakeLine } from '../../tools/intake.js';
import type { RunContext } from '../../tools/run-context.js';
import type { Digest } from '../hash.js';
import type { StoreContext } from '../repository.js';

export interface Listening {
  options: RunContext & { onStderrLine: (program: string, line: string) => void };
  /** Once every program ended well. small: it came through as it is, and nothing is stored. */
  heard: () => Digest & { small: boolean };
}

export const listening = (
  { signal, processes, stallTimeoutMs, onProgress, onStderrLine }: StoreContext,
  onPart: (part: { part: number; bytes: number }) => void = () => undefined,
): Listening => {
  let all: (Digest & { small: boolean }) | null = null;
  const take = (text: string): void => {
    const line = intakeLine(text);
    if (line === null) return;
    if ('part' in line) onPart(line);
    else onProgress?.(line.bytes);
    if ('sha256' in line) all = line;
  };
  return {
    options: {
      ...{ signal, processes, stallTimeoutMs },
      onStderrLine: (program, line) => (program === INTAKE ? take(line) : onStderrLine?.(program, line)),
    },
    heard: () => {
      if (all === null) throw new Failure('TOOL_FAILED', 'the intake did not say what it took in');
      return all;
    },
  };
};
