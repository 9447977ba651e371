// A Compose file that consists of others.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { composeCandidates } from '../../../../src/operations/init/compose-candidates.js';
import { findComposeFile } from '../../../../src/operations/init/compose-file.js';

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-init-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
};

const read = async (files: Record<string, string>) => {
  const folder = await folderWith(files);
  const found = await findComposeFile(folder, {});
  if (found.kind !== 'project') throw new Error(JSON.stringify(found));
  return { folder, project: found.project, candidates: await composeCandidates(found.project, 'here') };
};

it('a Compose file may hold nothing but what it includes, each with paths and variables of its own', async () => {
  const { folder, project, candidates } = await read({
    'compose.yaml':
      'include: [database/compose.yaml, { path: [web/base.yaml, web/more.yaml], env_file: web.env }]',
    '.env': 'SHARED=ours',
    'web.env': 'TAG=2\nSHARED=theirs',
    'database/compose.yaml': `
name: not-this
services:
  db:
    image: postgres:16
    environment: { POSTGRES_USER: u, POSTGRES_DB: "\${NAME}", POSTGRES_PASSWORD_FILE: /run/secrets/pw }
    volumes: ["dbdata:/var/lib/postgresql/data", "./dumps:/dumps"]
    secrets: [pw]
secrets: { pw: { file: ./pw.txt } }
volumes: { dbdata: {} }
`,
    'database/.env': 'NAME=documents',
    'web/base.yaml': `include: [../tools/tools.yml]
services: { web: { image: "web:\${TAG}-\${SHARED}", env_file: web.env, depends_on: [db] } }`,
    'web/more.yaml':
      'services: { web: { volumes: ["./media:/app/media", { type: bind, source: ../shared, target: /s }, up:/app/up] } }\nvolumes: { up: {} }',
    'web/web.env': 'DEBUG=1',
    'web/media/one': '1',
    'shared/two': '2',
    'tools/tools.yml': 'include: [../web/base.yaml]\nservices: { shell: { image: busybox } }',
  });
  expect(project.services.map(({ name, image }) => [name, image])).toEqual([
    ['db', 'postgres:16'],
    ['shell', 'busybox'],
    ['web', 'web:2-ours'],
  ]);
  const web = project.services.find(({ name }) => name === 'web');
  expect(web?.environment).toEqual({ DEBUG: '1' });
  expect(project.name).toBe(basename(folder).toLowerCase());
  expect(candidates).toMatchObject([
    {
      database: {
        kind: 'compose',
        service: 'db',
        name: 'documents',
        password: `file:${folder}/database/pw.txt`,
      },
      folders: [
        { name: 'media', path: join(folder, 'web/media') },
        { name: 'shared', path: join(folder, 'shared') },
        { name: 'up', volume: `${project.name}_up` },
      ],
    },
  ]);
});

it('services: may be written and empty beside what is included', async () => {
  const { project } = await read({
    'compose.yaml': 'include: [db.yaml]\nservices:\n',
    'db.yaml': 'services: { db: { image: postgres } }',
  });
  expect(project.services.map(({ name }) => name)).toEqual(['db']);
});

it('a Compose file counts more than what it includes, and gives it its variables and its folder where it says so', async () => {
  const { folder, project } = await read({
    'compose.yaml': `
include: [{ path: parts/db.yaml, project_directory: ., env_file: outer.env }]
services: { web: { image: web, volumes: ["./media:/srv/media"] } }`,
    '.env': 'NAME=mine',
    'outer.env': 'NAME=theirs',
    'pg.env': 'POSTGRES_USER=clerk',
    'parts/db.yaml': `
name: other
services:
  db: { image: postgres, env_file: pg.env, environment: { POSTGRES_DB: "\${NAME}" }, secrets: [pg] }
secrets: { pg: { file: ./pg.txt } }`,
  });
  const db = project.services.find(({ name }) => name === 'db');
  expect(db).toMatchObject({ environment: { POSTGRES_USER: 'clerk', POSTGRES_DB: 'mine' } });
  expect(db?.mounts).toContainEqual({ kind: 'bind', path: `${folder}/pg.txt`, target: '/run/secrets/pg' });
});

it.each([
  ['include: [nowhere.yaml]', 'nowhere.yaml', 'is included, and is not there'],
  ['include: ["oci://registry.example.com/x"]', 'compose.yaml', 'includes what is no file of this host'],
  ['include: [broken.yaml]', 'broken.yaml', 'is no Compose file: services is not what it should be'],
])('one that includes what cannot be read names it: %s', async (text, file, problem) => {
  const folder = await folderWith({ 'compose.yaml': text, 'broken.yaml': 'x: 1' });
  expect(await findComposeFile(folder, {})).toEqual({
    kind: 'unreadable',
    file: join(folder, file),
    problem,
  });
});
