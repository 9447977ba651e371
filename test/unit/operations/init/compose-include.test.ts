// A Compose file that consists of others.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { composeCandidates } from '../../../../src/operations/init/compose-candidates.js';
import { findComposeFile } from '../../../../src/operations/init/compose-file.js';

const read = async (files: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-init-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, found: await findComposeFile(folder, {}) };
};

const DATABASE = `
name: other
services:
  db:
    image: postgres:16-alpine
    env_file: pg.env
    environment: { POSTGRES_DB: "\${NAME}" }
    secrets: [pg]
    volumes: [pgdata:/var/lib/postgresql/data]
secrets: { pg: { file: ./pg.txt } }
volumes: { pgdata: {} }
`;
const WEB = `
services:
  web:
    image: web
    depends_on: [db]
    volumes: [./media:/srv/media, { type: bind, source: shared, target: /srv/shared }, uploads:/srv/uploads]
volumes: { uploads: {} }
`;

it('is read with what it includes: each file with the paths and the .env of its own folder', async () => {
  const { folder, found } = await read({
    'compose.yaml': 'include: [db/compose.yaml, { path: [web/web.yaml] }]',
    'db/compose.yaml': DATABASE,
    'db/.env': 'NAME=records',
    'db/pg.env': 'POSTGRES_USER=clerk\nPOSTGRES_PASSWORD_FILE=/run/secrets/pg',
    'web/web.yaml': WEB,
    ...{ 'web/media/one': '1', 'web/shared/two': '2' },
  });
  if (found.kind !== 'project') throw new Error(JSON.stringify(found));
  const project = basename(folder).toLowerCase();
  expect(found.file).toBe(join(folder, 'compose.yaml'));
  expect(found.project.name).toBe(project);
  const [candidate] = await composeCandidates(found.project, 'here');
  expect(candidate).toMatchObject({
    database: { name: 'records', user: 'clerk', password: `file:${folder}/db/pg.txt` },
    folders: expect.arrayContaining([
      expect.objectContaining({ path: `${folder}/web/media` }),
      expect.objectContaining({ path: `${folder}/web/shared` }),
      expect.objectContaining({ volume: `${project}_uploads` }),
    ]),
  });
});

it('counts more than what it includes, and gives it its variables and its folder where it says so', async () => {
  const { folder, found } = await read({
    'compose.yaml': `
include: [{ path: parts/db.yaml, project_directory: ., env_file: outer.env }]
services: { web: { image: web, volumes: ["./media:/srv/media"] } }`,
    '.env': 'NAME=mine',
    'outer.env': 'NAME=theirs',
    'pg.env': 'POSTGRES_USER=clerk',
    'parts/db.yaml': DATABASE,
  });
  if (found.kind !== 'project') throw new Error(JSON.stringify(found));
  const db = found.project.services.find(({ name }) => name === 'db');
  expect(db).toMatchObject({ environment: { POSTGRES_USER: 'clerk', POSTGRES_DB: 'mine' } });
  expect(db?.mounts).toContainEqual({ kind: 'bind', path: `${folder}/pg.txt`, target: '/run/secrets/pg' });
});

it.each([
  ['what is not there', { 'compose.yaml': 'include: [gone.yaml]' }, /^is included, and is not there$/],
  [
    'what is no Compose file',
    { 'compose.yaml': 'include: [b.yaml]', 'b.yaml': 'services: 5' },
    /services is not/,
  ],
])('is told so when it includes %s', async (_what, files, problem) => {
  const { found } = await read(files);
  expect(found).toMatchObject({ kind: 'unreadable', problem: expect.stringMatching(problem) });
});
