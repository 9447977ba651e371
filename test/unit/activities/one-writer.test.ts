import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quickActivities, transferActivities } from '../../../src/activities/index.js';
import { asActivity } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';
import { ID, storeBackup, TRUST } from '../../support/stored-backup.js';

let one: FilesDeployment;
let other: FilesDeployment;
beforeEach(async () => {
  one = await createFilesDeployment();
  other = await createFilesDeployment();
  for (const host of [one, other]) await intoOneRepository(host);
});
afterEach(async () => {
  for (const host of [one, other]) await host.remove();
});

const intoOneRepository = async ({ folder, storage, file }: FilesDeployment): Promise<void> => {
  const config = {
    state: join(folder, 'state'),
    repositories: {
      local: { local: join(one.folder, 'local') },
      second: { local: join(one.folder, 'second') },
    },
    trust: [TRUST.own],
    deployments: { edms: { files: { storage } } },
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
};

const begin = async ({ dependencies }: FilesDeployment, takeOver = false) => {
  const { planBackup, beginBackup } = quickActivities(dependencies);
  const request = { deployment: 'edms', type: 'full' as const, tier: 'manual', takeOver, drill: false };
  const run = { workflowId: 'by-hand', firstRunId: 'by-hand' };
  const plan = await asActivity(planBackup, { request, run });
  await asActivity(beginBackup, plan);
};

const ownerIn = async (repository: string) =>
  JSON.parse(await readFile(join(one.folder, repository, 'edms/owner.json'), 'utf8')).instance;

it('the first backup claims its primary repository, and another host’s is refused before it begins', async () => {
  await begin(one);
  expect(await ownerIn('local')).toBe(one.dependencies.instance);
  await expect(begin(other)).rejects.toMatchObject({ type: 'NOT_OWNER', nonRetryable: true });
  expect(await readdir(join(other.folder, 'state', 'operations')).catch(() => [])).toEqual([]);
});

it('a backup that takes over claims every repository, and the host that had them is refused', async () => {
  await begin(one);
  await begin(other, true);
  for (const repository of ['local', 'second'])
    expect(await ownerIn(repository)).toBe(other.dependencies.instance);
  await expect(begin(one)).rejects.toMatchObject({ type: 'NOT_OWNER' });
});

it('a backup that takes over does not need the repositories that only copies go to', async () => {
  await writeFile(join(one.folder, 'second'), 'not a folder');
  await begin(one);
  await begin(other, true);
  expect(await ownerIn('local')).toBe(other.dependencies.instance);
});

it('verify on another host finds what is wrong and repairs nothing', async () => {
  await begin(one, true);
  const [local, second] = ['local', 'second'].map((name) => ({
    kind: 'local' as const,
    name,
    path: join(one.folder, name),
  }));
  if (local === undefined || second === undefined) throw new Error('there are two');
  await storeBackup(local, [1000]);
  const verify = async ({ dependencies }: FilesDeployment) => {
    const { verifyBackup } = transferActivities(dependencies);
    const request = {
      deployment: 'edms',
      backup: ID,
      repository: null,
      decode: false,
      repair: true,
      rate: null,
    };
    return asActivity(verifyBackup, { request, backup: ID, repository: 'second' });
  };
  expect(await verify(other)).toMatchObject({
    repaired: 0,
    problems: [
      'the backup is missing',
      expect.stringContaining(
        'it is not repaired: owner.json in repository second says that edms belongs to',
      ),
    ],
  });
  expect(await readdir(join(second.path, 'edms'))).toEqual(['owner.json']);
  expect(await verify(one)).toMatchObject({ repaired: 1, problems: [] });
});
