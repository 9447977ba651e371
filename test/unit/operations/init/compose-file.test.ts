import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeCandidates } from '../../../../src/operations/init/compose-candidates.js';
import { findComposeFile } from '../../../../src/operations/init/compose-file.js';

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-init-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) await writeFile(path, text);
  }
  return folder;
};

const read = async (files: Record<string, string>, environment: Record<string, string> = {}) => {
  const folder = await folderWith(files);
  const found = await findComposeFile(folder, environment);
  if (found.kind !== 'project') throw new Error(JSON.stringify(found));
  return { folder, project: found.project, candidates: await composeCandidates(found.project, 'here') };
};

const EDMS = `
name: edms
services:
  db:
    image: postgres:16-alpine
    environment: { POSTGRES_USER: edms, POSTGRES_PASSWORD: "\${DATABASE_PASSWORD}", POSTGRES_DB: documents }
    volumes: ["dbdata:/var/lib/postgresql/data", "./dumps:/dumps"]
  cache:
    image: redis:7
    volumes: ["cachedata:/data"]
  web:
    build: .
    environment:
      - DATABASE_URL=postgres://edms:\${DATABASE_PASSWORD}@db:5432/documents
    volumes:
      - .:/app
      - ./media:/app/media
      - uploads:/data/uploads
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
      - /etc/localtime:/etc/localtime:ro
    healthcheck: { test: [CMD, "true"] }
  worker:
    build: .
    depends_on: { db: { condition: service_healthy } }
    volumes: [{ type: bind, source: ./media, target: /app/media }, { type: tmpfs, target: /tmp }]
  front:
    image: nginx
    volumes: ["uploads:/srv/uploads:ro"]
volumes: { dbdata: {}, cachedata: {}, uploads: {} }
`;

describe('a Compose file', () => {
  it('gives the database, what uses it, and what holds its files, with the names that Docker uses', async () => {
    const { folder, candidates } = await read({
      'compose.yaml': EDMS,
      '.env': 'DATABASE_PASSWORD=hunter2\n',
      'media/': '',
      'dumps/': '',
      'nginx.conf': '',
    });
    expect(candidates).toEqual([
      {
        kind: 'here',
        label: 'service db of the Compose project edms',
        name: 'edms',
        database: {
          kind: 'compose',
          project: 'edms',
          service: 'db',
          user: 'edms',
          name: 'documents',
          password: 'command:docker exec edms-db-1 printenv POSTGRES_PASSWORD',
        },
        folders: [
          { name: 'media', path: join(folder, 'media') },
          { name: 'uploads', volume: 'edms_uploads' },
        ],
        services: { project: 'edms', services: ['web', 'worker', 'front'], healthy: ['web'] },
        remarks: [expect.stringContaining(`${folder} is left out`)],
      },
    ]);
    expect(JSON.stringify(candidates)).not.toContain('hunter2');
  });

  it('is called after its folder where it has no name', async () => {
    const { folder, candidates } = await read({
      'docker-compose.yml': 'services: { pg: { image: "postgis/postgis:16-3.4" } }',
    });
    const name = basename(folder).toLowerCase();
    expect(candidates[0]?.database).toMatchObject({
      project: name,
      name: 'postgres',
      user: 'postgres',
      password: null,
    });
  });

  it('is read with its override, its env files, its anchors and its defaults', async () => {
    const { candidates } = await read(
      {
        'compose.yaml': `
name: \${PROJECT:-shop}
x-db: &db { image: "registry.example.com:5000/library/postgres:\${TAG-16}@sha256:00", env_file: [db.env] }
services:
  db: { <<: *db, container_name: shopdb }
  web: { image: web, environment: { PGHOST: db } }`,
        'compose.override.yaml': `
services:
  web: { volumes: ["files:/files"] }
volumes: { files: { name: shop-files } }`,
        'db.env': 'POSTGRES_USER=shopkeeper\nPOSTGRES_PASSWORD=hunter2\n',
      },
      { TAG: '17' },
    );
    expect(candidates).toMatchObject([
      {
        name: 'shop',
        database: {
          user: 'shopkeeper',
          name: 'shopkeeper',
          password: 'command:docker exec shopdb printenv POSTGRES_PASSWORD',
        },
        folders: [{ name: 'files', volume: 'shop-files' }],
        services: { services: ['web'], healthy: [] },
      },
    ]);
  });

  it('leads to the file of a password that Compose mounts as a secret', async () => {
    const { folder, candidates } = await read({
      'compose.yaml': `
services:
  db: { image: postgres, environment: { POSTGRES_PASSWORD_FILE: /run/secrets/pw }, secrets: [pw] }
secrets: { pw: { file: ./secrets/pw.txt } }`,
    });
    expect(candidates[0]?.database).toMatchObject({ password: `file:${join(folder, 'secrets/pw.txt')}` });
  });

  it('holds as many databases as it has services of PostgreSQL, and what only looks like one is none', async () => {
    const { candidates } = await read({
      'compose.yaml': `
name: two
services:
  main: { image: "postgres:16" }
  audit: { image: "example/own-image", environment: { POSTGRES_DB: audit }, volumes: ["a:/var/lib/postgresql/data"] }
  web: { image: app, environment: { POSTGRES_USER: main, POSTGRES_PASSWORD: x } }
  metrics: { image: "prometheuscommunity/postgres-exporter:v1" }`,
    });
    expect(candidates.map(({ name, label }) => [name, label])).toEqual([
      ['two-main', 'service main of the Compose project two'],
      ['two-audit', 'service audit of the Compose project two'],
    ]);
    expect(candidates[0]?.services).toBeNull();
  });

  it('may have a name with signs in it, which the names of its volumes begin with', async () => {
    const { candidates } = await read({
      'compose.yaml': `
name: my(app
services: { db: { image: postgres }, web: { depends_on: [db], volumes: ["uploads:/uploads", "other:/other"] } }
volumes: { other: { name: my(apparatus } }`,
    });
    expect(candidates[0]?.folders).toEqual([
      { name: 'uploads', volume: 'my(app_uploads' },
      { name: 'my-apparatus', volume: 'my(apparatus' },
    ]);
  });

  it.each([
    ['a: [1', /is not YAML: line 1, column \d+$/],
    ['services: [db]', /is no Compose file: services is not what it should be$/],
    ['services: { db: { volumes: 5, environment: { PASSWORD: hunter2 } } }', /services.db.volumes is not/],
    ['x: *none', /uses a \*name that no &name defines/],
    ['services: { db: { <<: hunter2 } }', /has a << that names no mapping/],
  ])('that cannot be read is told so, and none of it is repeated: %s', async (text, problem) => {
    const folder = await folderWith({ 'compose.yaml': text });
    const found = await findComposeFile(folder, {});
    expect(found).toMatchObject({ kind: 'unreadable', problem: expect.stringMatching(problem) });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('is looked for under the four names that Compose knows, and nowhere else', async () => {
    expect(await findComposeFile(await folderWith({ 'stack.yaml': EDMS }), {})).toEqual({ kind: 'none' });
  });
});
