import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, testFolder, writeConfig } from './holdfast-yaml.js';

interface Places {
  state?: string;
  repositories?: Record<string, string>;
  trees?: Record<string, string>;
  otherTrees?: Record<string, string>;
}

const fileWith = ({ state = '/var/lib/holdfast', repositories, trees, otherTrees }: Places): string => {
  const local = Object.entries(repositories ?? { local: '/srv/backups' });
  return JSON.stringify({
    state,
    repositories: Object.fromEntries(local.map(([name, path]) => [name, { local: path }])),
    deployments: {
      edms: { files: trees ?? { storage: '/srv/edms' } },
      ...(otherTrees === undefined ? {} : { other: { files: otherTrees } }),
    },
  });
};

const accepts = async (places: Places) =>
  expect(await loadConfig({ file: await writeConfig(fileWith(places)) })).toHaveProperty('deployments.edms');

test('trees of one deployment or of several do not overlap', async () => {
  const why = 'folders that are restored must not overlap';
  expect(
    await problemsIn(
      fileWith({
        trees: { a: '/srv/edms', b: '/srv/edms/media', c: '/srv/edms/', d: '/data/edms' },
        otherTrees: { e: '/data' },
      }),
    ),
  ).toEqual([
    `deployments.edms.files.b: /srv/edms/media lies inside deployments.edms.files.a, /srv/edms; ${why}`,
    `deployments.edms.files.c: /srv/edms is the same folder as deployments.edms.files.a, /srv/edms; ${why}`,
    `deployments.edms.files.c: /srv/edms contains deployments.edms.files.b, /srv/edms/media; ${why}`,
    `deployments.other.files.e: /data contains deployments.edms.files.d, /data/edms; ${why}`,
  ]);
});

test('folders whose names begin alike are apart', async () => {
  await accepts({ trees: { a: '/srv/edms', b: '/srv/edms-2', c: '/srv/..edms' } });
});

test('a tree and a repository are apart, whichever is the outer one', async () => {
  const why = 'backups must not be part of what is backed up';
  const trees = { inner: '/srv/backups/edms', same: '/mnt/nas', outer: '/data' };
  const repositories = { local: '/srv/backups', nas: '/mnt/nas/', deep: '/data/a/b' };
  expect(await problemsIn(fileWith({ trees, repositories }))).toEqual([
    `deployments.edms.files.inner: /srv/backups/edms lies inside repositories.local, /srv/backups; ${why}`,
    `deployments.edms.files.same: /mnt/nas is the same folder as repositories.nas, /mnt/nas; ${why}`,
    `deployments.edms.files.outer: /data contains repositories.deep, /data/a/b; ${why}`,
  ]);
});

test('a tree and the state folder are apart', async () => {
  const why = 'the agent’s state must not be part of what is backed up';
  expect(await problemsIn(fileWith({ state: '/srv/edms/state' }))).toEqual([
    `deployments.edms.files.storage: /srv/edms contains state, /srv/edms/state; ${why}`,
  ]);
});

test('repositories do not lie in each other, but one may lie in the state folder', async () => {
  await accepts({ state: '/var/lib/holdfast', repositories: { local: '/var/lib/holdfast/backups' } });
  const repositories = { a: '/srv/backups', b: '/srv/backups/second', c: '/var/lib/holdfast' };
  expect(await problemsIn(fileWith({ repositories }))).toEqual([
    'repositories.b: /srv/backups/second lies inside repositories.a, /srv/backups; each needs a folder of its own',
    'repositories.c: /var/lib/holdfast is the same folder as state, /var/lib/holdfast; each needs a folder of its own',
  ]);
});

test('symbolic links are followed, also above what does not exist yet', async () => {
  const folder = await testFolder();
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), join(folder, 'link'));
  const trees = { storage: join(folder, 'real') };
  const repositories = { local: join(folder, 'link/not/there') };
  expect(await problemsIn(fileWith({ trees, repositories }))).toEqual([
    `deployments.edms.files.storage: ${folder}/real contains repositories.local, ${folder}/link/not/there (really ${folder}/real/not/there); backups must not be part of what is backed up`,
  ]);
});

const withProject = (include: string[], more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    state: '/var/lib/holdfast',
    repositories: { local: { local: '/srv/edms/backups' } },
    deployments: {
      edms: {
        files: {
          storage: '/srv/edms/storage',
          project: { path: '/srv/edms', include, restore: 'aside' },
          ...more,
        },
      },
    },
  });

test('of a folder that is stored in part, what is named decides', async () => {
  const file = await writeConfig(withProject(['.env', '*.yaml', 'conf']));
  expect((await loadConfig({ file })).deployments.edms?.trees).toEqual([
    { name: 'storage', path: '/srv/edms/storage' },
    { name: 'project', path: '/srv/edms', aside: { include: ['.env', '*.yaml', 'conf'] } },
  ]);
  expect(await problemsIn(withProject(['*']))).toEqual([
    'deployments.edms.files.project: /srv/edms contains repositories.local, /srv/edms/backups; backups must not be part of what is backed up',
    'deployments.edms.files.project: /srv/edms contains deployments.edms.files.storage, /srv/edms/storage; folders that are restored must not overlap',
  ]);
  expect(await problemsIn(withProject(['.env'], { all: '/srv' }))).toContain(
    'deployments.edms.files.all: /srv contains deployments.edms.files.project, /srv/edms; folders that are restored must not overlap',
  );
});

test('part of a folder is put aside, and nothing else', async () => {
  const tree = (more: object) =>
    JSON.stringify({
      state: '/var/lib/holdfast',
      repositories: { local: { local: '/srv/backups' } },
      deployments: { edms: { files: { project: { path: '/srv/edms', ...more } } } },
    });
  const place = 'deployments.edms.files.project';
  expect(await problemsIn(tree({ include: ['.env'] }))).toEqual([
    `${place}.include: needs restore: aside beside it: what is stored in part is never swapped in`,
  ]);
  expect(await problemsIn(tree({ include: [], restore: 'aside' }))).toEqual([
    `${place}.include: must name at least one`,
  ]);
  expect(await problemsIn(tree({ include: ['../x'], restore: 'aside' }))).toEqual([
    `${place}.include[0]: must not leave path`,
  ]);
  expect(await problemsIn(tree({ restore: 'swap' }))).toEqual([
    expect.stringContaining(`${place}.restore: `),
  ]);
  const file = await writeConfig(tree({ restore: 'aside' }));
  expect((await loadConfig({ file })).deployments.edms?.trees).toEqual([
    { name: 'project', path: '/srv/edms', aside: { include: [] } },
  ]);
});
