// A database of a wanted size: half of it one narrow table with an index, the rest text, random bytes, large objects.
import type { Cluster } from '../test/support/postgres-cluster.js';

export const DATABASE = 'bench';
export const EMPTY_DATABASE = 'bench_empty';

export const createDatabases = async (cluster: Cluster, bytes: number): Promise<void> => {
  await cluster.query('postgres', `CREATE DATABASE ${EMPTY_DATABASE}`);
  await cluster.query('postgres', `CREATE DATABASE ${DATABASE}`);
  for (const statement of [
    ...accounts(bytes * 0.5),
    ...texts(bytes * 0.2),
    ...binaries(bytes * 0.3),
    'CHECKPOINT',
  ])
    await cluster.query(DATABASE, statement);
};

const accounts = (bytes: number): string[] => [
  'CREATE TABLE accounts (aid integer NOT NULL, bid integer, balance integer, filler char(84))',
  `INSERT INTO accounts SELECT i, i % 100, 0, '' FROM generate_series(1, ${rows(bytes, 143)}) AS i`,
  'ALTER TABLE accounts ADD PRIMARY KEY (aid)',
  'VACUUM ANALYZE accounts',
];

const texts = (bytes: number): string[] => [
  'CREATE TABLE texts (id integer PRIMARY KEY, title text, body text, properties jsonb)',
  `INSERT INTO texts SELECT i, 'Document ' || i,
     (SELECT string_agg(md5((i * 20 + j)::text) || ' and an ordinary sentence beside it', '. ') FROM generate_series(1, 12) AS j),
     jsonb_build_object('number', i, 'keywords', jsonb_build_array(i % 17, md5(i::text)))
   FROM generate_series(1, ${rows(bytes, 1150)}) AS i`,
];

/** Half of them rows, half of them large objects of five rows each. */
const binaries = (bytes: number): string[] => [
  'CREATE TABLE binaries (id integer PRIMARY KEY, content bytea)',
  'ALTER TABLE binaries ALTER content SET STORAGE EXTERNAL',
  `INSERT INTO binaries SELECT i,
     (SELECT decode(string_agg(md5((i * 2000.0 + j)::text), ''), 'hex') FROM generate_series(1, 1250) AS j)
   FROM generate_series(1, ${rows(bytes / 2, 20_600)}) AS i`,
  `CREATE TABLE scans AS SELECT id / 5 AS id, lo_from_bytea(0, string_agg(content, ''::bytea)) AS content
   FROM binaries GROUP BY id / 5`,
];

const rows = (bytes: number, each: number): number => Math.max(1, Math.round(bytes / each));
