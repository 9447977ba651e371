// What people keep in the stack: rows, large objects, media in a folder, uploads in a named volume.
import { chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../stack.js';

export const DATABASE = 'appdb';

const CONTENT = `
  create table document (id serial primary key, title text not null, body bytea, scan oid);
  insert into document (title, body, scan)
    select 'document ' || n, decode(repeat(md5(n::text), 20), 'hex'),
      case when n % 100 = 0 then lo_from_bytea(0, convert_to('scan ' || n, 'UTF8')) end
    from generate_series(1, 2000) n;
  create index on document (title);`;

/** @param megabytes more, of rows that do not compress well: for what is measured */
export const fill = async ({ cluster, paths }: Stack, megabytes = 0): Promise<void> => {
  await cluster.query(DATABASE, CONTENT);
  if (megabytes > 0) await cluster.query(DATABASE, ballast(megabytes));
  for (const folder of [paths.media, paths.uploads]) {
    await mkdir(join(folder, 'inner'), { recursive: true });
    for (let n = 0; n < 50; n += 1) await writeFile(join(folder, 'inner', `file ${n}`), `file ${n}`);
    await chown(join(folder, 'inner', 'file 1'), 12_345, 54_321);
    await symlink('inner/file 2', join(folder, 'link'));
  }
};

/** People go on working, through the application and beside it. */
export const workOn = async ({ url, cluster, paths }: Stack): Promise<void> => {
  await fetch(url, { method: 'POST', body: 'written later' });
  await cluster.query(
    DATABASE,
    `delete from document where id <= 5; update document set title = 'renamed' where id = 10`,
  );
  await writeFile(join(paths.uploads, 'inner', 'file 3'), 'written again');
};

/** A kilobyte a row: 32 bytes of hash, each told apart by its place. */
const ballast = (megabytes: number): string => `
  create table ballast (id int, noise bytea);
  insert into ballast select n, decode((select string_agg(md5(n::text || k::text), '') from generate_series(1, 64) k), 'hex')
    from generate_series(1, ${megabytes * 1000}) n`;
