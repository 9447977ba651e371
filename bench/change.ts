// What a day changes: one row in a hundred, one file in a hundred, and a few files are new.
import { randomBytes } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../test/support/postgres-cluster.js';
import { DATABASE } from './database.js';

const EVERY = 100;

/** Rows that lie together, as those of a day do. */
export const changeDatabase = async (cluster: Cluster, night: number): Promise<void> => {
  const rowsOf = (table: string, id: string): string =>
    `${id} * ${EVERY} / (SELECT max(${id}) + 1 FROM ${table}) = ${night % EVERY}`;
  for (const statement of [
    `UPDATE accounts SET balance = balance + ${night} WHERE ${rowsOf('accounts', 'aid')}`,
    `UPDATE texts SET title = title || '.' WHERE ${rowsOf('texts', 'id')}`,
    `UPDATE binaries SET content = decode(md5(random()::text), 'hex') || content WHERE ${rowsOf('binaries', 'id')}`,
    'CHECKPOINT',
  ])
    await cluster.query(DATABASE, statement);
};

/** Bytes in the middle of a big one; small ones are written anew. */
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
