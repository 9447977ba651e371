// How a program ended, for tests.
import type { Ending } from '../../../src/tools/ending.js';

export const ending = (
  name: string,
  how: {
    exitCode?: number;
    signal?: string;
    said?: string;
    args?: string[];
    acceptedExitCodes?: number[];
    writesInto?: string;
  },
): Ending => ({
  name,
  command: {
    program: name,
    args: how.args ?? [],
    acceptedExitCodes: how.acceptedExitCodes ?? [],
    ...(how.writesInto === undefined ? {} : { writesInto: how.writesInto }),
  },
  exitCode: how.exitCode ?? null,
  signal: how.signal ?? null,
  words: how.said ?? '',
  tail: how.said ?? '',
});
