// The intake of a restic repository: it comes behind whatever makes an artifact, and only what it says enters this process.
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Command } from './command.js';

const lineSchema = z.union([
  /** So far: a sign of life. */
  z.strictObject({ bytes: z.number() }),
  /** Its folder of pieces is whole. */
  z.strictObject({ part: z.number(), bytes: z.number() }),
  /** All that came. small: less than what is worth a snapshot of its own. */
  z.strictObject({ bytes: z.number(), sha256: z.string(), small: z.boolean() }),
]);
export type IntakeLine = z.output<typeof lineSchema>;

/** What intakes are called in messages, and where lines of stderr are theirs. */
export const INTAKE = 'intake';

/** dist/intake.js, seen from dist/tools as from src/tools. */
const program = (): string => fileURLToPath(new URL('../../dist/intake.js', import.meta.url));

const intake = (args: readonly string[], writesInto?: string): Command => ({
  program: process.execPath,
  args: [program(), ...args],
  name: INTAKE,
  chatter: /^\{/,
  ...(writesInto === undefined ? {} : { writesInto }),
});

/** Passes everything on, for `whereLarge`; says its lines on stderr. */
export const intakeStream = (): Command => intake([]);

/**
 * Cuts an archive into files in folders `<folder>.<number>`; says its lines on stderr, and passes on what is small. At most two
 * folders are there at a time: whoever stores one removes it.
 */
export const intakePieces = (folder: string): Command => intake([folder], `the scratch folder ${folder}`);

/** Runs `command` with what comes behind an intake where that is large; where it is small, it comes through as it is. */
export const whereLarge = (command: Command): Command => ({
  ...command,
  program: 'sh',
  name: command.name ?? command.program,
  args: [
    '-c',
    'IFS= read -r size; if [ "$size" = large ]; then exec "$0" "$@"; fi; exec cat',
    command.program,
    ...command.args,
  ],
});

/** null: its last words, of why it ends. */
export const intakeLine = (line: string): IntakeLine | null =>
  line.startsWith('{') ? lineSchema.parse(JSON.parse(line)) : null;
