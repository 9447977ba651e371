import { describe, expect, it } from 'vitest';
import { countDumpedRows } from '../../../src/tools/dumped-rows.js';

const DUMP = [
  '--',
  'SET row_security = off;',
  'COPY public.documents (id, title) FROM stdin;',
  '1\tone',
  '2\tCOPY public.other (id) FROM stdin;',
  '3\t\\\\.',
  '\\.',
  '',
  'COPY "My ""own"" schema"."Table.x" ("a") FROM stdin;',
  '\\.',
  "SELECT pg_catalog.setval('public.documents_id_seq', 3, true);",
  "SELECT pg_catalog.lo_open('16400', 131072);",
  "SELECT pg_catalog.lowrite(0, '\\x00');",
  "SELECT pg_catalog.lo_open('16401', 131072);",
  '',
].join('\n');

describe('what a dump holds', () => {
  it.each([1, 7, 64, DUMP.length])('is counted however it is cut: %i bytes at a time', (size) => {
    const counting = countDumpedRows();
    const bytes = Buffer.from(DUMP);
    for (let at = 0; at < bytes.length; at += size) counting.take(bytes.subarray(at, at + size));
    expect(counting.counted()).toEqual({
      tables: [
        { schema: 'public', name: 'documents', rows: 3 },
        { schema: 'My "own" schema', name: 'Table.x', rows: 0 },
      ],
      largeObjects: 2,
    });
  });
});
