// What the reader of dumps says of one: it comes last in a pipe, and only its lines enter this process.
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Command } from './command.js';

const pieceSchema = z.strictObject({
  /** `TABLE`, `TABLE DATA`, `SEQUENCE SET`, … as its header calls it. */
  type: z.string(),
  schema: z.string(),
  name: z.string(),
  /** null: data, of which only the hash is known. */
  text: z.string().nullable(),
  sha256: z.string(),
});
export type DumpPiece = z.output<typeof pieceSchema>;

const versionsSchema = z.strictObject({ server: z.number().nullable(), program: z.number().nullable() });
/** The major versions of server and pg_dump, as a dump's first lines say; null: they do not. */
export type DumpVersions = z.output<typeof versionsSchema>;

/** An object; how many bytes were read so far; and at the end the versions with it. */
const lineSchema = z.union([
  z.strictObject({ piece: pieceSchema }),
  z.strictObject({ bytes: z.number(), versions: versionsSchema.optional() }),
]);
export type DumpLine = z.output<typeof lineSchema>;

/** dist/digest-dump.js, seen from dist/tools as from src/tools. */
const program = (): string => fileURLToPath(new URL('../../dist/digest-dump.js', import.meta.url));

export const digestDump = (): Command => ({
  program: process.execPath,
  args: [program()],
  name: 'digest-dump',
});

export async function* dumpLines(stdout: Readable): AsyncGenerator<DumpLine> {
  let rest = '';
  for await (const chunk of stdout.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield lineSchema.parse(JSON.parse(line));
  }
}
