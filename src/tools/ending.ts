// How a program ended.
import type { Command } from './command.js';

export interface Ending {
  name: string;
  command: Command;
  /** null: it was killed by a signal, or never started. */
  exitCode: number | null;
  signal: string | null;
  /** Its first and last words. */
  words: string;
  tail: string;
}

export const endedWell = ({ command, exitCode }: Ending): boolean =>
  exitCode === 0 || (exitCode !== null && (command.acceptedExitCodes ?? []).includes(exitCode));
