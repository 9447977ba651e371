import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lookAtDisks } from '../../../../src/activities/doctor/disks.js';
import { createFilesDeployment, type FilesDeployment } from '../../../support/files-deployment.js';

let deployment: FilesDeployment;
let elsewhere: string;

beforeEach(async () => {
  deployment = await createFilesDeployment();
  // A file system of its own on every Linux.
  elsewhere = await mkdtemp('/dev/shm/holdfast-disk-');
});

afterEach(async () => {
  await rm(elsewhere, { recursive: true });
  await deployment.remove();
});

const said = async (repositories: object): Promise<string[]> => {
  await deployment.configure({}, { repositories });
  const config = await deployment.dependencies.loadConfig();
  const [edms] = Object.values(config.deployments);
  if (edms === undefined) throw new Error('no deployment');
  return (await lookAtDisks(config, edms, 'test')).map(({ level, message }) => `${level} ${message}`);
};

it('backups that all lie on the data’s own disk are a warning, also before the first one', async () => {
  const beside = { local: join(deployment.folder, 'not yet', 'there') };
  const vault = { restic: join(deployment.folder, 'vault'), password: 'env:VAULT' };
  expect(await said({ local: beside })).toEqual([
    'warning all backups (local) lie on the disk of files storage: if it fails, both are gone',
  ]);
  expect(await said({ local: beside, vault })).toHaveLength(1);
});

it('one repository that is elsewhere is enough', async () => {
  const beside = { local: join(deployment.folder, 'backups') };
  expect(await said({ local: { local: join(elsewhere, 'backups') } })).toEqual([]);
  expect(await said({ local: beside, other: { local: elsewhere } })).toEqual([]);
  expect(await said({ local: beside, offsite: { s3: { bucket: 'backups' } } })).toEqual([]);
});
