// A command that somebody wrote into holdfast.yaml, as argv: no shell, no input unless it is given one, and its exit code is what it says.
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { redacted } from '../config/redacted.js';
import { type Command, programName } from './command.js';
import { type ProcessRegister, runPipeline } from './process.js';
import { readWords } from './stderr-lines.js';
import { tellingLine } from './telling-line.js';

/** Whoever runs it judges its exit code. @param argv the program, and what it is given */
export const configuredCommand = (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Command => {
  const [program = '', ...args] = argv;
  return { program, args, env, acceptedExitCodes: EVERY_EXIT_CODE };
};

const EVERY_EXIT_CODE = Array.from({ length: 255 }, (_, index) => index + 1);

export interface CommandOutcome {
  exitCode: number;
  /** `exit 1: the line that tells why`. */
  summary: string;
  /** At most 4 kB of stderr, or of stdout where stderr is empty; secrets that it repeats are replaced. */
  tail: string;
}

/**
 * Runs it to its end; what it prints is read and only its end is kept.
 * @throws TOOL_MISSING, TOOL_FAILED when a signal killed it, the signal's reason
 */
export const runConfigured = async (
  command: Command,
  {
    signal,
    processes = UNREGISTERED,
    input,
  }: { signal: AbortSignal; processes?: ProcessRegister; input?: Readable },
): Promise<CommandOutcome> => {
  const output = { tail: '' };
  const [ended] = await runPipeline([command], {
    signal,
    processes,
    stallTimeoutMs: 0,
    // Whoever does not care for its input has not failed by it.
    ...(input === undefined ? {} : { input, inputMayBeLeft: true }),
    consume: async (stdout) => {
      output.tail = await lastWords(stdout);
    },
  });
  const exitCode = ended?.exitCode ?? 0;
  const stderr = ended?.stderr ?? '';
  const tail = redacted(stderr.trim() === '' ? output.tail : stderr);
  const line = tellingLine(tail, programName(command));
  return { exitCode, summary: `exit ${exitCode}${line === '' ? '' : `: ${line}`}`, tail };
};

/** One line, for people: arguments that a shell would split are quoted. */
export const commandText = (argv: readonly string[]): string => {
  const text = argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
};

const SHOWN = 120;

const UNREGISTERED: ProcessRegister = { started: async () => {}, ended: async () => {} };

const lastWords = async (stdout: Readable): Promise<string> => {
  const words = readWords(stdout);
  await finished(stdout);
  return words.tail();
};
