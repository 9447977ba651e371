// The reader of dumps at the end of a pipe: what it says while it reads, and that a dump that is cut short has no end.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { type DumpLine, digestDump, dumpLines } from '../../src/tools/dump-lines.js';
import { NOT_REGISTERED, runPipeline } from '../../src/tools/process.js';

const HEADER = '--\n-- Dumped from database version 15.18\n-- Dumped by pg_dump version 16.2\n\n';
const TABLE =
  '-- Name: größe\u2028; Type: TABLE; Schema: public; Owner: me\n--\n\nCREATE TABLE public."größe\u2028" (a text);\n\n';
const ROWS =
  '-- Data for Name: one; Type: TABLE DATA; Schema: public; Owner: me\n--\n\nCOPY public.one (a) FROM stdin;\n';

const reading = (input: PassThrough, onLine: (line: DumpLine) => void, programs = [digestDump()]) =>
  runPipeline(programs, {
    signal: AbortSignal.timeout(20_000),
    processes: NOT_REGISTERED,
    stallTimeoutMs: 0,
    input,
    consume: async (stdout) => {
      for await (const line of dumpLines(stdout)) onLine(line);
    },
  });

it('a long table is a sign of life as long as bytes come, and a line at its end', async () => {
  const input = new PassThrough();
  const lines: DumpLine[] = [];
  let signs = 0;
  input.write(`${HEADER}${TABLE}${ROWS}`);
  const feeding = setInterval(() => input.write('a row of it\n'), 10);
  await reading(input, (line) => {
    if ('piece' in line || line.versions !== undefined) {
      lines.push(line);
      return;
    }
    signs += 1;
    if (signs > 1) return;
    clearInterval(feeding);
    input.end('\\.\n');
  });
  expect(signs).toBeGreaterThan(0);
  expect(lines).toEqual([
    {
      piece: {
        ...{ type: 'TABLE', schema: 'public', name: 'größe\u2028' },
        text: expect.stringMatching(/^CREATE TABLE/),
        sha256: expect.any(String),
      },
    },
    { piece: { type: 'TABLE DATA', schema: 'public', name: 'one', text: null, sha256: expect.any(String) } },
    { bytes: expect.any(Number), versions: { server: 15, program: 16 } },
  ]);
});

it('a dump whose program fails in the middle is no dump', async () => {
  const input = new PassThrough();
  input.end(`${HEADER}${TABLE}`);
  const failing = { program: 'sh', args: ['-c', 'cat; exit 3'], name: 'pg_dump' };
  await expect(reading(input, () => undefined, [failing, digestDump()])).rejects.toMatchObject({
    code: 'TOOL_FAILED',
  });
});
