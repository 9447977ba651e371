import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quickActivities, transferActivities } from '../../../src/activities/index.js';
import { readSignedManifest } from '../../../src/catalog/signed-manifest.js';
import { ownTrust } from '../../../src/catalog/signing-key.js';
import { type Effect, runEffect } from '../../../src/domain/effect.js';
import type { BackupPlan, Part } from '../../../src/domain/plans.js';
import { asActivity, beginBackup } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';
import { notingEffect } from '../../support/stopping-effect.js';

let deployment: FilesDeployment;
let plan: BackupPlan;
let parts: Part[];

const commit = (effect: Effect) => {
  const { commitBackup } = quickActivities({ ...deployment.dependencies, effect });
  return asActivity(commitBackup, { plan, parts, snapshot: null, quiet: null });
};
const folder = () => join(deployment.folder, 'backups', 'edms', plan.backup);

beforeEach(async () => {
  deployment = await createFilesDeployment();
  plan = await beginBackup(deployment.dependencies, 'edms');
  parts = [(await asActivity(transferActivities(deployment.dependencies).archiveFiles, { plan })).part];
});
afterEach(() => deployment.remove());

it('writes the manifest after everything that belongs to the backup', async () => {
  const names: string[] = [];
  await commit(notingEffect(names));
  expect(names.slice(-2)).toEqual(['publish manifest.sig', 'publish manifest.json']);
  expect((await readdir(folder())).toSorted()).toEqual([
    'RESTORE.md',
    'files.storage.tar.zst',
    'holdfast.yaml',
    'manifest.json',
    'manifest.sig',
  ]);
});

const stopAt =
  (where: string): Effect =>
  async (name, act) => {
    if (where === `before ${name}`) throw new Error(where);
    const result = await act();
    if (where === `after ${name}`) throw new Error(where);
    return result;
  };

it('can be tried again after a stop at any effect, although holdfast.yaml was edited meanwhile', async () => {
  const edited = async () => (await readFile(deployment.file, 'utf8')).length;
  const names = ['RESTORE.md', 'holdfast.yaml', 'manifest.json', 'manifest.sig'];
  const fixing = names.map((name) => `fix ${name}`);
  const publishing = ['RESTORE.md', 'holdfast.yaml', 'manifest.sig', 'manifest.json'];
  for (const name of [...fixing, ...publishing.map((one) => `publish ${one}`)]) {
    for (const where of [`before ${name}`, `after ${name}`]) {
      await expect(commit(stopAt(where))).rejects.toThrow(where);
      await appendFile(deployment.file, '\n');
    }
  }
  await commit(runEffect);
  const settings = { kind: 'local' as const, name: 'local', path: join(deployment.folder, 'backups') };
  const trust = await ownTrust(deployment.dependencies.state);
  const { manifest } = await readSignedManifest(settings, plan, { trust });
  expect(manifest).toMatchObject({ trees: [{ name: 'storage' }] });
  for (const { name, sha256 } of manifest.documents) {
    const bytes = await readFile(join(folder(), name));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
  expect(manifest.documents).toHaveLength(2);
  const copy = await readFile(join(folder(), 'holdfast.yaml'), 'utf8');
  expect(JSON.parse(copy)).toMatchObject({ deployments: { edms: {} } });
  expect(copy.length).toBeLessThan(await edited());
});

it('removes what an earlier attempt of a step had stored and no step has now', async () => {
  await writeFile(join(folder(), 'files.storage.moved.tar.zst'), 'of the attempt before');
  await commit(runEffect);
  expect(await readdir(folder())).not.toContain('files.storage.moved.tar.zst');
  expect(await readdir(folder())).toContain('files.storage.tar.zst');
});

it('refuses a part file that is not what its step wrote', async () => {
  parts = parts.map((part) => ({ ...part, sha256: '0'.repeat(64) }));
  await expect(commit(runEffect)).rejects.toMatchObject({ type: 'OPERATION_LOST' });
  expect(await readdir(folder())).toEqual(['files.storage.tar.zst']);
});
