// The application of the stack: notes as rows, each with a file beside it. /health is well only when it can read both.
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const MEDIA = process.env.MEDIA ?? '/data/media';
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  connectionTimeoutMillis: 2_000,
  max: 4,
});
pool.on('error', () => undefined);

const FIRST_START = `
  create table if not exists note (id serial primary key, body text not null, file text not null);
  insert into note (body, file) select 'welcome', 'welcome.txt' where not exists (select from note)`;

const firstStart = async () => {
  await pool.query(FIRST_START);
  await writeFile(join(MEDIA, 'welcome.txt'), 'welcome', { flag: 'wx' }).catch(() => undefined);
};

const notes = async () => (await pool.query('select id, body, file from note order by id')).rows;

const addNote = async (request) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const file = `${randomUUID()}.txt`;
  await writeFile(join(MEDIA, file), body);
  return (await pool.query('insert into note (body, file) values ($1, $2) returning id', [body, file]))
    .rows[0];
};

/** The newest row, and the file that belongs to it. */
const health = async () => {
  const { rows } = await pool.query('select id, file from note order by id desc limit 1');
  const file = await readFile(join(MEDIA, rows[0].file), 'utf8');
  return { ok: true, note: rows[0].id, bytes: file.length, files: (await readdir(MEDIA)).length };
};

const answer = (request) => {
  if (request.method === 'POST') return addNote(request);
  return request.url === '/health' ? health() : notes();
};

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).then(
    (found) => [200, found],
    (error) => [503, { ok: false, error: String(error) }],
  );
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify(body));
});

process.on('SIGTERM', () => process.exit(0));
for (let done = false; !done; await pause(100))
  done = await firstStart().then(
    () => true,
    () => false,
  );
server.listen(8000);
