import { expect, it } from 'vitest';
import { compareDumps, type DumpComparison } from '../../../src/operations/compare-dumps.js';
import { readDumpText } from '../../../src/tools/dump-text.js';

const header = (type: string, name: string, data = '') =>
  `--\n-- ${data}Name: ${name}; Type: ${type}; Schema: public; Owner: me\n--\n\n`;
const table = (name: string, body = '(a int)') =>
  `${header('TABLE', name)}CREATE TABLE public.${name} ${body};\n\n\n`;
const rows = (name: string, ...lines: string[]) =>
  `${header('TABLE DATA', name, 'Data for ')}COPY public.${name} (a) FROM stdin;\n${lines.map((line) => `${line}\n`).join('')}\\.\n\n\n`;
const dump = (pieces: string[], { key = 'x', server = '15.18', program = '15.18' } = {}) =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict ${key}\n\n-- Dumped from database version ${server}\n-- Dumped by pg_dump version ${program}\n\nSET statement_timeout = 0;\n\n${pieces.join('')}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict ${key}\n\n`;

/** All chunks come in the same memory, one after the other. */
const read = (comparison: DumpComparison, side: 'backup' | 'restored', text: string, size: number): void => {
  const reader = readDumpText((piece) => comparison.take(side, { piece }));
  const bytes = Buffer.from(text);
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size)
    reader.take(memory.subarray(0, bytes.copy(memory, 0, at, at + size)));
  comparison.take(side, { bytes: bytes.length, versions: reader.end() });
};

const compared = (backup: string, restored: string, sizes: [number, number] = [7, 1000]) => {
  const comparison = compareDumps();
  read(comparison, 'backup', backup, sizes[0]);
  read(comparison, 'restored', restored, sizes[1]);
  return comparison.differences([
    { schema: 'public', name: 'one' },
    { schema: 'public', name: 'two' },
  ]);
};

const SAME = [
  table('one'),
  table('two'),
  rows('one', '1', '\\\\.', '-- Name: x; Type: TABLE; Schema: public; Owner: me'),
  rows('two'),
];

it('two dumps of one thing are the same, in whatever pieces they come and with whatever key', () => {
  for (let size = 1; size < 40; size += 1)
    expect(compared(dump(SAME), dump(SAME, { key: 'y' }), [size, 41 - size])).toEqual({
      lines: [],
      ofExtensions: [],
      dataOnly: false,
      objects: 4,
    });
});

it('the order of objects is no difference, and neither is the minor version', () => {
  const restored = dump([...SAME].reverse(), { server: '15.9', program: '15.1' });
  expect(compared(dump(SAME), restored).lines).toEqual([]);
});

it('rows that differ, and objects that are missing, too many or defined otherwise, are named', () => {
  const restored = [table('one', '(a bigint)'), rows('one', '2'), table('three')];
  expect(compared(dump(SAME), dump(restored)).lines).toEqual([
    'table public.one: line 1 is “CREATE TABLE public.one (a bigint);” instead of “CREATE TABLE public.one (a int);”',
    'table public.two: not there after the restore',
    'rows of public.one: not the same',
    'rows of public.two: not there after the restore',
    'table public.three: not in the backup',
  ]);
});

it.each([
  [
    "(CONSTRAINT c CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))))",
    "(CONSTRAINT c CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))))",
  ],
  ['(a int,\n    b text)', '(a int, b text)'],
])('what PostgreSQL writes otherwise when it reads it back is no difference', (one, other) => {
  expect(compared(dump([table('one', one)]), dump([table('one', other)])).lines).toEqual([]);
});

it.each([
  ["(CHECK (s = 'a'::text))", "(CHECK (s = 'b'::text))"],
  ["(CHECK (s = 'a b'))", "(CHECK (s = 'ab'))"],
  ['AS $_$ select (1) $_$', 'AS $_$ select 1 $_$'],
  ['(a int, b int)', '(b int, a int)'],
])('other words, and other constants, are one: %s', (one, other) => {
  expect(compared(dump([table('one', one)]), dump([table('one', other)])).lines).toHaveLength(1);
});

it('in which order rights were given is no difference', () => {
  const acl = (...lines: string[]) => `${header('ACL', 'TABLE one')}${lines.join('\n')}\n\n\n`;
  const [a, b] = ['GRANT SELECT ON TABLE public.one TO a;', 'GRANT ALL ON TABLE public.one TO b;'];
  expect(compared(dump([acl(a, b)]), dump([acl(b, a)])).lines).toEqual([]);
  expect(compared(dump([acl(a, b)]), dump([acl(a)])).lines).toHaveLength(1);
});

it('objects of one name are told by what they are', () => {
  const rights = (role: string) =>
    `${header('DEFAULT ACL', 'DEFAULT PRIVILEGES FOR TABLES')}ALTER DEFAULT PRIVILEGES FOR ROLE ${role} GRANT SELECT ON TABLES TO a;\n\n\n`;
  expect(compared(dump([rights('x'), rights('y')]), dump([rights('y'), rights('x')])).lines).toEqual([]);
  expect(compared(dump([rights('x'), rights('y')]), dump([rights('y')])).lines).toEqual([
    'default acl public.DEFAULT PRIVILEGES FOR TABLES: not there after the restore',
  ]);
});

it('of another major version only the data is compared', () => {
  const restored = dump([table('one', '(a int NOT NULL)'), table('two'), ...SAME.slice(2)], {
    server: '18.4',
    program: '18.4',
  });
  expect(compared(dump(SAME), restored)).toMatchObject({ lines: [], dataOnly: true });
  const other = dump([rows('one', '1'), rows('two')], { server: '18.4', program: '18.4' });
  expect(compared(dump(SAME), other).lines).toEqual(['rows of public.one: not the same']);
});

it('rows that an extension owns are not held against it', () => {
  const found = compared(dump([...SAME, rows('spatial', '1')]), dump([...SAME, rows('spatial', '2')]));
  expect(found).toMatchObject({ lines: [], ofExtensions: ['rows of public.spatial: not the same'] });
});

it('millions of large objects are one piece, and one that is missing is noticed', () => {
  const objects = (count: number) =>
    Array.from(
      { length: count },
      (_, n) => `${header('BLOB', String(n))}SELECT pg_catalog.lo_create('${n}');\n\n\n`,
    );
  expect(compared(dump(objects(50)), dump(objects(50)))).toMatchObject({ lines: [], objects: 1 });
  expect(compared(dump(objects(50)), dump(objects(49))).lines).toHaveLength(1);
});
