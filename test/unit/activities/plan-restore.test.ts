import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickActivities } from '../../../src/activities/index.js';
import { makeRestorePlan } from '../../../src/activities/restore/plan-restore.js';
import { runEffect } from '../../../src/domain/effect.js';
import { parseRestoreRequest } from '../../../src/domain/requests.js';
import { readHolds } from '../../../src/operations/holds.js';
import { backupsInUse } from '../../../src/operations/prune/in-use.js';
import { listOperations, releaseOperation, takeOperation } from '../../../src/operations/record.js';
import { writeKept } from '../../../src/operations/swap/kept.js';
import { asActivity, backUp } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';
import { signAgain } from '../../support/sign-again.js';
import { sampleKept, sampleRecord } from '../operations/sample-record.js';

let deployment: FilesDeployment;
let backup: string;
beforeEach(async () => {
  deployment = await createFilesDeployment();
  backup = (await backUp(deployment.dependencies, 'edms')).backup;
});
afterEach(() => deployment.remove());

const run = { workflowId: 'by-hand', firstRunId: 'by-hand' };
const requested = (input: object = {}) => parseRestoreRequest({ deployment: 'edms', ...input });
const plan = (input: object = {}, operation?: string) =>
  makeRestorePlan(deployment.dependencies, {
    request: requested(input),
    run,
    ...(operation === undefined ? {} : { operation }),
  });
const stored = (name: string) => join(deployment.folder, 'backups', 'edms', backup, name);
const editManifest = async (change: (manifest: Record<string, unknown>) => object) => {
  const manifest = JSON.parse(await readFile(stored('manifest.json'), 'utf8'));
  await writeFile(stored('manifest.json'), JSON.stringify({ ...manifest, ...change(manifest) }));
  await signAgain(stored(''), deployment.dependencies.state);
};

describe('a plan’s digest', () => {
  it('is the same for the same plan, whatever the operation is called', async () => {
    const first = await plan();
    const again = await plan({ backup }, '0123456789');
    expect(again.operation).toBe('0123456789');
    expect(again.operation).not.toBe(first.operation);
    expect({ ...again, operation: '' }).toEqual({ ...first, operation: '' });
  });

  it('is another one when something else is chosen', async () => {
    expect((await plan({ only: ['files'] })).digest).not.toBe((await plan()).digest);
  });

  it('is another one when the configuration has changed', async () => {
    const { digest } = await plan();
    await deployment.configure({ keepPrevious: '1h' });
    expect((await plan()).digest).not.toBe(digest);
  });

  it('is another one when the backup has become another one', async () => {
    const { digest } = await plan();
    await editManifest(({ artifacts }) => ({
      artifacts: (artifacts as object[]).map((artifact) => ({ ...artifact, sha256: '0'.repeat(64) })),
    }));
    expect((await plan()).digest).not.toBe(digest);
  });

  it('of an undo is another one when another restore has replaced something since', async () => {
    const { state } = deployment.dependencies;
    await writeKept(state, sampleKept(deployment.folder), runEffect);
    const { digest, kind, undoes } = await plan({ backup: 'previous' });
    expect([kind, undoes]).toEqual(['undo', 'abcdef0123']);
    expect((await plan({ backup: 'previous' })).digest).toBe(digest);
    const later = { operation: 'ffffffffff', replacedAt: '2026-02-01T00:00:00.000Z' };
    await writeKept(state, sampleKept(deployment.folder, later), runEffect);
    expect(await plan({ backup: 'previous' })).toMatchObject({ undoes: 'ffffffffff' });
    expect((await plan({ backup: 'previous' })).digest).not.toBe(digest);
  });
});

describe('a restore that was approved', () => {
  const begin = async (approved: Awaited<ReturnType<typeof plan>>) =>
    asActivity(quickActivities(deployment.dependencies).beginRestore, {
      plan: approved,
      request: requested(),
    });

  it('takes the operation when its plan is still the same, and once only', async () => {
    const approved = await plan();
    await begin(approved);
    await begin(approved);
    expect(await listOperations(deployment.dependencies.state)).toEqual(['edms']);
  });

  it('is refused, and takes nothing, when it is no longer what would be done', async () => {
    const approved = await plan();
    await deployment.configure({ keepPrevious: '1h' });
    await expect(begin(approved)).rejects.toMatchObject({ type: 'PLAN_CHANGED' });
    expect(await listOperations(deployment.dependencies.state)).toEqual([]);
  });

  it('restores the backup that was approved, although a newer one is the latest by now', async () => {
    const approved = await plan();
    await backUp(deployment.dependencies, 'edms');
    await begin(approved);
    expect(approved.backup).toBe(backup);
    expect((await listOperations(deployment.dependencies.state)).length).toBe(1);
  });
});

describe('retention leaves a backup alone', () => {
  const held = async () => {
    const { holds } = await readHolds(deployment.dependencies.state, 'edms');
    return holds.map((hold) => [hold.backup, hold.holder.firstRunId]);
  };
  const planned = (input: object) =>
    asActivity(quickActivities(deployment.dependencies).planRestore, { request: requested(input), run });

  it('from the plan on while its restore waits for approval, and by the operation from then on', async () => {
    const plan = await planned({});
    expect(await held()).toEqual([[backup, run.firstRunId]]);
    await asActivity(quickActivities(deployment.dependencies).beginRestore, { plan, request: requested() });
    expect(await held()).toEqual([]);
    expect([...(await backupsInUse(deployment.dependencies, 'edms')).keys()]).toEqual([backup]);
  });

  it('not for a restore that has been approved with its input', async () => {
    await planned({ confirm: `edms@${backup}` });
    expect(await held()).toEqual([]);
  });
});

describe('a restore is refused before anybody is asked', () => {
  it.each<[string, object, object]>([
    ['of what the backup does not hold', { only: ['database'] }, { code: 'INPUT_INVALID' }],
    ['of a tree of another name', { only: ['files.media'] }, { hint: 'it holds files.storage' }],
    ['of a backup that is not there', { backup: '20200101T000000Z-full-0000' }, { code: 'UNKNOWN_BACKUP' }],
    ['from a repository that is not there', { repository: 'offsite' }, { code: 'INPUT_INVALID' }],
    ['of something that was never replaced', { backup: 'previous' }, { code: 'NOTHING_TO_UNDO' }],
    ['of half of what was replaced', { backup: 'previous', only: ['files'] }, { code: 'INPUT_INVALID' }],
  ])('%s', async (_, input, refusal) => {
    await expect(plan(input)).rejects.toMatchObject(refusal);
  });

  it('of a deployment that is busy, with the run that has it', async () => {
    await takeOperation(deployment.dependencies.state, sampleRecord(deployment.folder), runEffect);
    await expect(plan()).rejects.toMatchObject({
      code: 'BUSY',
      hint: 'wait for it: holdfast watch holdfast.edms.backup',
    });
  });

  it('but not of one whose scheduled backup can be cancelled, which it says; of an agent with another Temporal it cannot', async () => {
    const { state, temporal } = deployment.dependencies;
    const holder = { workflowId: 'holdfast.edms.backup.daily-1', firstRunId: 'run', ...temporal };
    const scheduled = { scheduledFor: '2026-01-11T22:47:00.000Z' };
    const { digest } = await plan();
    await takeOperation(state, sampleRecord(deployment.folder, { ...scheduled, holder }), runEffect);
    const planned = await plan();
    expect(planned.lines.at(-1)).toBe(
      'the scheduled backup 20260111T224748Z-full-3f9a, which is being made, is cancelled when it is approved',
    );
    expect(planned.digest).toBe(digest);
    await releaseOperation(state, 'edms', runEffect);
    await takeOperation(state, sampleRecord(deployment.folder, scheduled), runEffect);
    await expect(plan()).rejects.toMatchObject({ code: 'BUSY' });
  });

  it('when an artifact is gone or cut', async () => {
    await truncate(stored('files.storage.tar.zst'), 10);
    await expect(plan()).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
      message: expect.stringContaining('has 10 bytes instead of'),
    });
    await rm(stored('files.storage.tar.zst'));
    await expect(plan()).rejects.toMatchObject({ message: expect.stringContaining('is missing') });
  });

  it('when the manifest is damaged, or one of a later holdfast, which it says', async () => {
    await editManifest(() => ({ version: 99 }));
    await expect(plan({ backup })).rejects.toMatchObject({ code: 'UNSUPPORTED_MANIFEST' });
    await editManifest(() => ({ version: 1, artifacts: 'none' }));
    await expect(plan({ backup })).rejects.toMatchObject({ code: 'CORRUPT_MANIFEST' });
  });

  it('when the tree is no longer configured', async () => {
    const other = join(deployment.folder, 'other');
    await mkdir(other);
    await deployment.configure({ files: { other } });
    await expect(plan()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: 'add deployments.edms.files.storage, or choose with --only',
    });
  });

  it('when the files would not fit beside the live ones', async () => {
    await editManifest(({ trees, artifacts }) => ({
      trees: (trees as object[]).map((tree) => ({ ...tree, bytes: 1e15 })),
      artifacts: (artifacts as object[]).map((artifact) => ({ ...artifact, rawBytes: 1e15 })),
    }));
    await expect(plan()).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  it('but not when only the holes of sparse files would not', async () => {
    await editManifest(({ trees }) => ({
      trees: (trees as object[]).map((tree) => ({ ...tree, bytes: 1e15 })),
    }));
    await expect(plan()).resolves.toMatchObject({ kind: 'restore' });
  });

  it('when what was there before the last restore was not whole', async () => {
    const kept = sampleKept(deployment.folder, { absent: ['database main'] });
    await writeKept(deployment.dependencies.state, kept, runEffect);
    await expect(plan({ backup: 'previous' })).rejects.toMatchObject({
      code: 'NOTHING_TO_UNDO',
      message: expect.stringContaining('no database main'),
    });
  });
});
