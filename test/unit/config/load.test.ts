import { describe, expect, test } from 'vitest';
import { deploymentOf, loadConfig } from '../../../src/config/load.js';
import { failureOf, writeConfig } from './holdfast-yaml.js';

const load = async (text: string) => await loadConfig({ file: await writeConfig(text) });

const SMALL = `
state: /var/lib/edms-agent
timezone: Europe/Zurich
repositories: { local: { local: /srv/backups } }
deployments:
  edms:
    database: { host: db, name: edms, user: edms, password: env:PGPASSWORD }
    files: { storage: /srv/edms/storage }
`;

const LARGE = `
agent: host-2
state: /var/lib/edms-agent/
timezone: UTC
temporal: { address: "temporal.example.com:7233", namespace: backups }
repositories:
  near: { local: /srv/backups/ }
  far: { local: /mnt//nas/backups }
deployments:
  edms:
    databases:
      main: { url: "postgres://edms@db/edms", password: file:/etc/holdfast/password }
      audit: { host: db, port: 5432, name: audit, user: edms }
    files:
      storage: /srv/edms/storage/
      media: { path: /srv/edms/other/../media }
    repositories: [far, near]
    keepPrevious: 7d
    approveWithin: 2h
    stallTimeout: 90s
  wiki:
    files: { pages: /srv/wiki }
`;

test('a short file is filled with defaults', async () => {
  const config = await load(SMALL);
  expect(config).toMatchObject({
    agent: 'default',
    state: '/var/lib/edms-agent',
    timezone: 'Europe/Zurich',
    temporal: { kind: 'embedded' },
    repositories: { local: { kind: 'local', name: 'local', path: '/srv/backups' } },
  });
  expect(deploymentOf(config, 'edms')).toEqual({
    name: 'edms',
    databases: [
      {
        kind: 'parts',
        name: 'main',
        path: 'deployments.edms.database',
        host: 'db',
        port: 5432,
        user: 'edms',
        password: 'env:PGPASSWORD',
        database: 'edms',
      },
    ],
    trees: [{ name: 'storage', path: '/srv/edms/storage' }],
    services: [],
    hooks: { beforeBackup: [], afterBackup: [], afterRestore: [] },
    health: { withinMs: 120_000, checks: [] },
    repositories: ['local'],
    keepPreviousMs: 172_800_000,
    approveWithinMs: 1_800_000,
    forwardWithinMs: 120_000,
    maxPauseMs: 30_000,
    stallTimeoutMs: 600_000,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a long file is typed as it is written, references unresolved', async () => {
  const config = await load(LARGE);
  expect(config).toMatchObject({
    agent: 'host-2',
    state: '/var/lib/edms-agent',
    timezone: 'UTC',
    temporal: { kind: 'address', address: 'temporal.example.com:7233', namespace: 'backups' },
    repositories: { near: { path: '/srv/backups' }, far: { path: '/mnt/nas/backups' } },
  });
  expect(deploymentOf(config, 'edms')).toMatchObject({
    databases: [
      {
        kind: 'url',
        name: 'main',
        path: 'deployments.edms.databases.main',
        url: 'postgres://edms@db/edms',
        password: 'file:/etc/holdfast/password',
      },
      { kind: 'parts', name: 'audit', path: 'deployments.edms.databases.audit', password: null },
    ],
    trees: [
      { name: 'storage', path: '/srv/edms/storage' },
      { name: 'media', path: '/srv/edms/media' },
    ],
    repositories: ['far', 'near'],
    keepPreviousMs: 604_800_000,
    approveWithinMs: 7_200_000,
    stallTimeoutMs: 90_000,
  });
  expect(deploymentOf(config, 'wiki')).toMatchObject({ databases: [], repositories: ['near', 'far'] });
});

test('without a time zone, the host’s is taken', async () => {
  const config = await load(SMALL.replace(/timezone: .*\n/, ''));
  expect(() => new Intl.DateTimeFormat('en', { timeZone: config.timezone })).not.toThrow();
});

describe('the digest of a deployment', () => {
  const digest = async (text: string) => deploymentOf(await load(text), 'edms').digest;

  test.each([
    [
      'order and comments',
      SMALL.replace('{ host: db, name: edms,', '{ name: edms, host: db,').replace('files', '# x\n    files'),
    ],
    ['defaults that are written out', SMALL.replace('host: db', 'host: db, port: 5432')],
    ['database and databases.main', SMALL.replace(/database: (.*)\n/, 'databases: { main: $1 }\n')],
    ['what belongs to others', SMALL.replace('timezone: Europe/Zurich', 'timezone: UTC')],
  ])('does not depend on %s', async (_what, text) => {
    expect(text).not.toBe(SMALL);
    expect(await digest(text)).toBe(await digest(SMALL));
  });

  test.each([
    ['a database’s host', SMALL.replace('host: db', 'host: db2')],
    ['a reference', SMALL.replace('env:PGPASSWORD', 'env:OTHER')],
    ['a tree’s path', SMALL.replace('/srv/edms/storage', '/srv/edms/store')],
    ['the path behind a repository', SMALL.replace('/srv/backups', '/srv/backups2')],
    ['a duration', SMALL.replace('    files:', '    keepPrevious: 1h\n    files:')],
  ])('changes with %s', async (_what, text) => {
    expect(await digest(text)).not.toBe(await digest(SMALL));
  });
});

test('an unknown deployment is answered with the one that was meant, or with all', async () => {
  const config = await load(LARGE);
  const failure = await failureOf(() => deploymentOf(config, 'emds'));
  expect(failure.code).toBe('UNKNOWN_DEPLOYMENT');
  expect(failure.message).toBe(`${config.file} has no deployment emds; did you mean edms?`);
  expect((await failureOf(() => deploymentOf(config, 'constructor'))).message).toBe(
    `${config.file} has no deployment constructor; known deployments: edms, wiki`,
  );
});
