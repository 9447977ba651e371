import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VerifyResult } from '../../src/domain/copies.js';
import { BACKUP, failing } from './fake-activities.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

test('every copy of every backup is read, repository after repository', async () => {
  const deployment = runs.deploy('sound');
  const run = await deployment.start('verify', { decode: true });
  expect(await run.handle.result()).toEqual({
    ...{ ok: true, copies: 2, bytes: 10_000_000, problems: 0, repaired: 0 },
    ...{ lines: [], omitted: 0 },
  });
  const read = deployment.inputs('verifyBackup');
  expect(read.map(({ backup, repository }) => [backup, repository])).toEqual([
    [BACKUP, 'local'],
    [BACKUP, 'offsite'],
  ]);
  expect(read[0]?.request).toMatchObject({ decode: true, repair: false });
});

test('a run that finds problems has not failed: they are its result', async () => {
  const deployment = runs.deploy('damaged', {
    verifyBackup: async ({ repository }) =>
      repository === 'local'
        ? { bytes: 1, problems: ['files.storage.tar.zst is missing'], repaired: 0 }
        : { bytes: 1, problems: [], repaired: 1 },
  });
  const run = await deployment.start('verify');
  expect(await run.handle.result()).toMatchObject({
    ...{ ok: false, problems: 1, repaired: 1 },
    lines: [`${BACKUP} in local: files.storage.tar.zst is missing`],
  });
});

test('a copy that no key here opens is a problem; the log calls it neither damaged nor decoded', async () => {
  const deployment = runs.deploy('closed', {
    verifyBackup: async ({ repository }) =>
      repository === 'local'
        ? { bytes: 1, problems: ['cannot be decoded here'], repaired: 0, closed: true as const }
        : { bytes: 1, problems: [], repaired: 0 },
  });
  const run = await deployment.start('verify', { decode: true });
  expect(await run.handle.result()).toMatchObject({ ok: false, problems: 1 });
  expect(deployment.inputs('noteVerified')).toMatchObject([
    { repository: 'local', copies: 1, damaged: [], decode: false },
    { repository: 'offsite', copies: 1, damaged: [], decode: true },
  ]);
});

test('a repository that cannot be read is a problem, and the others are read all the same', async () => {
  const deployment = runs.deploy('down', {
    verifyBackup: async ({ repository }) => {
      if (repository === 'local') throw failing('REPOSITORY_UNREACHABLE', 'it is not mounted');
      return { bytes: 3, problems: [], repaired: 0 };
    },
  });
  const run = await deployment.start('verify');
  const result = (await run.handle.result()) as VerifyResult;
  expect(result).toMatchObject({
    ok: false,
    copies: 1,
    bytes: 3,
    lines: ['down in local: it is not mounted'],
  });
});

test('what the check of a repository finds is a problem of it, found once a run', async () => {
  const inspectRepository = async ({ repository }: { repository: string }) =>
    repository === 'local'
      ? { state: 'looked' as const, problems: ['a pack is missing'] }
      : { state: 'in use' as const, problems: [] };
  runs.deploy('', { listDeployments: async () => ['shared', 'beside'] });
  const [one, other] = ['shared', 'beside'].map((name) => runs.deploy(name, { inspectRepository }));
  const run = await one?.startWith('verify', []);
  expect(await run?.handle.result()).toMatchObject({
    ...{ ok: false, copies: 4, problems: 1, lines: ['local: a pack is missing'] },
  });
  const asked = [one, other].flatMap((deployment) => deployment?.inputs('inspectRepository') ?? []);
  expect(asked.map(({ repository }) => repository)).toEqual(['local', 'offsite']);
});

test('before a repair what is damaged is taken out of a repository, and what its check finds afterwards counts', async () => {
  const steps: string[] = [];
  const deployment = runs.deploy('mended', {
    inspectRepository: async ({ repository, mend = false }) => {
      steps.push(`${mend ? 'mend' : 'check'} ${repository}`);
      return { state: 'looked' as const, problems: mend ? [] : [`${repository} lacks a pack`] };
    },
    verifyBackup: async ({ repository }) => {
      steps.push(`repair ${repository}`);
      return { bytes: 1, problems: [], repaired: 1 };
    },
  });
  const run = await deployment.start('verify', { repair: true });
  expect(await run.handle.result()).toMatchObject({
    ...{ ok: false, copies: 2, repaired: 2 },
    lines: ['local: local lacks a pack', 'offsite: offsite lacks a pack'],
  });
  expect(steps).toEqual(
    ['local', 'offsite'].flatMap((name) => [`mend ${name}`, `repair ${name}`, `check ${name}`]),
  );
});

const OLDER = '20260110T224748Z-full-0001';

/** One repository with two backups, of which the newest is read first. */
const TWO = {
  planVerify: async () => ['local'],
  listBackupsToVerify: async () => ({ backups: [BACKUP, OLDER], more: false }),
};

test('what stays damaged is read once more after a repair, since that may have brought back what it lacks', async () => {
  const read: string[] = [];
  const deployment = runs.deploy('brought-back', {
    ...TWO,
    verifyBackup: async ({ backup }) => {
      read.push(backup);
      if (backup === OLDER) return { bytes: 1, problems: [], repaired: 1 };
      return { bytes: 1, problems: read.includes(OLDER) ? [] : ['a part is damaged'], repaired: 0 };
    },
  });
  const run = await deployment.start('verify', { repair: true });
  expect(await run.handle.result()).toMatchObject({ ok: true, copies: 2, problems: 0, repaired: 1 });
  expect(read).toEqual([BACKUP, OLDER, BACKUP]);
  expect(deployment.inputs('noteVerified')).toMatchObject([
    { newest: BACKUP, oldest: OLDER, copies: 2, damaged: [] },
  ]);
});

test('what is repaired in part also has the others read once more, and counts with what the second reading repairs', async () => {
  const read: string[] = [];
  const deployment = runs.deploy('in-part', {
    ...TWO,
    verifyBackup: async ({ backup }) => {
      read.push(backup);
      const [first, second] = [
        { bytes: 1, problems: ['a part is damaged'] },
        { bytes: 1, problems: [] },
      ];
      if (backup === OLDER) return read.length > 2 ? { ...second, repaired: 1 } : { ...first, repaired: 2 };
      return { ...(read.includes(OLDER) ? second : first), repaired: 0 };
    },
  });
  const run = await deployment.start('verify', { repair: true });
  expect(await run.handle.result()).toMatchObject({ ok: true, copies: 2, problems: 0, repaired: 3 });
  expect(read).toEqual([BACKUP, OLDER, BACKUP, OLDER]);
});

test('where nothing was repaired nothing is read twice, and what is damaged stays the result', async () => {
  const deployment = runs.deploy('for-good', {
    planVerify: async () => ['local'],
    verifyBackup: async () => ({ bytes: 1, problems: ['a part is damaged'], repaired: 0 }),
  });
  const run = await deployment.start('verify', { repair: true });
  expect(await run.handle.result()).toMatchObject({ ok: false, copies: 1, problems: 1 });
  expect(deployment.inputs('verifyBackup')).toHaveLength(1);
  expect(deployment.inputs('noteVerified')).toMatchObject([{ damaged: [BACKUP] }]);
});

test('without a deployment all are read', async () => {
  runs.deploy('', { listDeployments: async () => ['one', 'other'] });
  const one = runs.deploy('one');
  const other = runs.deploy('other');
  const run = await other.startWith('verify', []);
  expect(await run.handle.result()).toMatchObject({ ok: true, copies: 4 });
  expect(one.inputs('verifyBackup')).toHaveLength(2);
});
