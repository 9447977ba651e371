// What a day changes, as in an application that grows: of each table one row in a hundred, most of them new, and a file in a hundred.
import { randomBytes } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../test/support/postgres-cluster.js';
import { DATABASE } from './database.js';

export const CHANGES = `Before each later night: of every table, three rows in four hundred are new, and one in four hundred is updated, spread over
the newest fiftieth (what came in the last days is still worked on; older rows stay as they are); a large object is new for every five new binary rows; one file in a hundred is written anew (of a big one
its first 16 kB), and one in four hundred is new.`;

const EVERY = 100;

export const changeDatabase = async (cluster: Cluster, night: number): Promise<void> => {
  for (const statement of [
    ...grown('accounts', 'aid', `SELECT i, i % 100, ${night}, '' FROM`),
    `UPDATE accounts SET balance = balance + ${night} WHERE ${someOfTheNewest('accounts', 'aid', night)}`,
    ...grown(
      'texts',
      'id',
      `SELECT i, 'Document ' || i,
        (SELECT string_agg(md5((i * 20 + j)::text) || ' and an ordinary sentence beside it', '. ') FROM generate_series(1, 12) AS j),
        jsonb_build_object('number', i, 'keywords', jsonb_build_array(i % 17, md5(i::text))) FROM`,
    ),
    `UPDATE texts SET title = title || '.' WHERE ${someOfTheNewest('texts', 'id', night)}`,
    `INSERT INTO scans SELECT id / 5, lo_from_bytea(0, string_agg(content, ''::bytea))
      FROM binaries WHERE id > (SELECT max(id) * (1 - ${NEW}) FROM binaries) GROUP BY id / 5`,
    ...grown(
      'binaries',
      'id',
      `SELECT i,
        (SELECT decode(string_agg(md5((i * 2000.0 + j)::text), ''), 'hex') FROM generate_series(1, 1250) AS j) FROM`,
    ),
    `UPDATE binaries SET content = decode(md5(random()::text), 'hex') || content WHERE ${someOfTheNewest('binaries', 'id', night)}`,
    'CHECKPOINT',
  ])
    await cluster.query(DATABASE, statement);
};

const NEW = 0.0075;

const grown = (table: string, id: string, rows: string): string[] => [
  `INSERT INTO ${table} ${rows} generate_series((SELECT max(${id}) + 1 FROM ${table}),
    (SELECT max(${id}) + greatest(1, round(max(${id}) * ${NEW}))::integer FROM ${table})) AS i`,
];

/** One in eight of a fiftieth. */
const someOfTheNewest = (table: string, id: string, night: number): string =>
  `${id} > (SELECT max(${id}) * 0.98 FROM ${table}) AND ${id} % 8 = ${night % 8}`;

/** The first bytes of a big one; small ones are written anew. */
export const changeFiles = async (root: string, night: number): Promise<void> => {
  const names = (await readdir(root, { recursive: true })).toSorted();
  const files = names.filter((_name, index) => index % EVERY === night % EVERY);
  for (const name of files) {
    const { size } = await stat(join(root, name));
    if ((await stat(join(root, name))).isDirectory()) continue;
    await writeFile(join(root, name), randomBytes(Math.min(size, 16_000)), {
      flag: size > 1_000_000 ? 'r+' : 'w',
    });
  }
  for (let index = 0; index < Math.ceil(names.length / EVERY / 4); index++)
    await writeFile(join(root, `new-${night}-${index}`), randomBytes(8_000));
};
