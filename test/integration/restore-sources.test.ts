// A restore finds a good copy wherever it is: the real steps up to the staged files, with two repositories.
import { existsSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quickActivities, transferActivities } from '../../src/activities/index.js';
import { parseCopyRequest } from '../../src/domain/copy-requests.js';
import type { RestorePlan } from '../../src/domain/plans.js';
import { parseRestoreRequest } from '../../src/domain/requests.js';
import { backupsInUse } from '../../src/operations/prune/in-use.js';
import { readRecord } from '../../src/operations/record.js';
import { scratchFolder } from '../../src/operations/state-folder.js';
import { asActivity, backUp } from '../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../support/files-deployment.js';

const ARTIFACT = 'files.storage.tar.zst';

let deployment: FilesDeployment;
let backup: string;
beforeEach(async () => {
  inUse.splice(0);
  deployment = await createFilesDeployment();
});
afterEach(() => deployment.remove());

const at = (...parts: string[]) => join(deployment.folder, ...parts);

/** A backup in `local`, and its copy in `offsite`. */
const withOffsite = async (offsite: object): Promise<void> => {
  const config = {
    state: at('state'),
    repositories: { local: { local: at('backups') }, offsite },
    deployments: { edms: { files: { storage: deployment.storage }, repositories: ['local', 'offsite'] } },
  };
  await writeFile(deployment.file, JSON.stringify(config), { mode: 0o600 });
  ({ backup } = await backUp(deployment.dependencies, 'edms'));
  const request = parseCopyRequest({ deployment: 'edms' });
  const { copyBackup } = transferActivities(deployment.dependencies);
  await asActivity(copyBackup, { request, backup, to: 'offsite' });
};

/** Why the backup may not be removed: while its restore waits, and when it has begun. */
const inUse: string[] = [];

const begun = async (input: object = {}): Promise<RestorePlan> => {
  const { planRestore, beginRestore } = quickActivities(deployment.dependencies);
  const request = parseRestoreRequest({ deployment: 'edms', ...input });
  const run = { workflowId: 'by-hand', firstRunId: 'by-hand' };
  const plan = await asActivity(planRestore, { request, run });
  inUse.push(...(await backupsInUse(deployment.dependencies, 'edms')).values());
  await asActivity(beginRestore, { plan, request });
  inUse.push(...(await backupsInUse(deployment.dependencies, 'edms')).values());
  return plan;
};

const fetched = (plan: RestorePlan) =>
  asActivity(transferActivities(deployment.dependencies).fetchArtifacts, { plan });

const staged = async (plan: RestorePlan): Promise<string> => {
  await asActivity(transferActivities(deployment.dependencies).stageTrees, { plan });
  const record = await readRecord(deployment.dependencies.state, 'edms');
  return readFile(join(record?.sideFolders[0]?.path ?? '', 'document'), 'utf8');
};

const local = (name: string) => at('backups', 'edms', backup, name);

it('an artifact that is damaged comes from the next repository, and that is said', async () => {
  await withOffsite({ local: at('offsite') });
  const { bytes } = { bytes: (await readFile(local(ARTIFACT))).length };
  await writeFile(local(ARTIFACT), 'x'.repeat(bytes));
  const plan = await begun();
  expect(inUse).toEqual(['a restore of it waits for its approval', 'a restore is at it']);
  expect(plan).toMatchObject({ repository: 'local', others: ['offsite'] });
  expect(await fetched(plan)).toEqual({
    ...{ artifacts: 1, bytes },
    elsewhere: [
      `${ARTIFACT} from offsite: ${ARTIFACT} in repository local is damaged: its SHA-256 is not the one that was stored`,
    ],
  });
  expect(await staged(plan)).toBe('a document');
});

it('a repository in which something is missing is not even planned with, and the plan says why', async () => {
  await withOffsite({ local: at('offsite') });
  await rm(local(ARTIFACT));
  const plan = await begun();
  expect(plan).toMatchObject({ repository: 'offsite', others: ['local'] });
  expect(plan.lines).toContain(`${ARTIFACT} of ${backup} is missing in repository local`);
  expect(await fetched(plan)).toMatchObject({ elsewhere: [] });
  expect(await staged(plan)).toBe('a document');
});

it('the repository that was asked for is the only one that is read', async () => {
  await withOffsite({ local: at('offsite') });
  const size = (await readFile(local(ARTIFACT))).length;
  await writeFile(local(ARTIFACT), 'x'.repeat(size));
  const plan = await begun({ repository: 'local' });
  expect(plan.others).toEqual([]);
  await expect(fetched(plan)).rejects.toMatchObject({ type: 'CORRUPT_ARTIFACT' });
});

it('what is whole nowhere fails the plan, as the first repository says it', async () => {
  await withOffsite({ local: at('offsite') });
  await rm(local(ARTIFACT));
  await truncate(at('offsite', 'edms', backup, ARTIFACT), 5);
  await expect(begun()).rejects.toMatchObject({
    type: 'CORRUPT_ARTIFACT',
    message: expect.stringContaining('is missing in repository local'),
  });
});

it('another kind’s artifacts are downloaded, and from then on nothing is read there', async () => {
  await withOffsite({ rclone: `:local:${at('offsite')}` });
  const plan = await begun({ repository: 'offsite' });
  const scratch = scratchFolder(deployment.dependencies.state, plan.operation);
  expect(await fetched(plan)).toMatchObject({ artifacts: 1, elsewhere: [] });
  const there = join(scratch, 'fetched', 'edms', backup, ARTIFACT);
  expect(existsSync(there)).toBe(true);
  // Nothing is read there any more.
  await rm(at('offsite'), { recursive: true });
  expect(await staged(plan)).toBe('a document');
  expect(await readFile(there)).toEqual(await readFile(local(ARTIFACT)));
});
