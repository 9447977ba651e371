// Whose the backups in a restic repository are is an object in it too, and may be among what was lost.
import { chmod, mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { transferActivities } from '../../src/activities/index.js';
import { claimOwnership, requireOwner } from '../../src/catalog/owner.js';
import { runEffect } from '../../src/domain/effect.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { asActivity } from '../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../support/files-deployment.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';

let host: FilesDeployment;
let vault: string;
beforeEach(async () => {
  host = await createFilesDeployment();
  vault = join(host.folder, 'vault');
  const password = join(host.folder, 'password');
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await makeResticTemplate(vault);
  await mkdir(join(host.folder, 'pages'));
  const deployments = {
    edms: { files: { storage: host.storage } },
    wiki: { files: { pages: join(host.folder, 'pages') } },
  };
  const repositories = { vault: { restic: vault, password: `file:${password}` } };
  await host.configure({}, { repositories, deployments });
});
afterEach(() => host.remove());

const repository = async () => {
  const { repositories } = await host.dependencies.loadConfig();
  if (repositories.vault === undefined) throw new Error('there is no vault');
  return openRepository(repositories.vault);
};

const loseAll = async (): Promise<void> => {
  for (const entry of await readdir(join(vault, 'data'), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    await chmod(join(entry.parentPath, entry.name), 0o600);
    await truncate(join(entry.parentPath, entry.name), 0);
  }
};

const mend = () =>
  asActivity(transferActivities(host.dependencies).inspectRepository, {
    ...{ deployment: 'edms', repository: 'vault', mend: true },
  });

it('after a mending they are this host’s again, of every deployment that shares the repository', async () => {
  const { instance } = host.dependencies;
  const claims = ['edms', 'wiki'].map((deployment) => ({ deployment, instance }));
  for (const claim of claims) await claimOwnership(await repository(), claim, runEffect);
  await loseAll();
  expect(await mend()).toEqual({ state: 'looked', problems: [] });
  for (const claim of claims) expect(await requireOwner(await repository(), claim)).toBeInstanceOf(Date);
});

it('a repository in which they are another host’s is not mended', async () => {
  await claimOwnership(await repository(), { deployment: 'edms', instance: 'f'.repeat(16) }, runEffect);
  await loseAll();
  expect(await mend()).toEqual({ state: 'none', problems: [] });
});
