import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { PruneResult, PruneStep } from '../../src/domain/prune.js';
import { failing, fakeActivities } from './fake-activities.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const stepOf = (repository: string, given: Partial<PruneStep['pruned']> = {}): PruneStep => ({
  pruned: {
    ...{ deployment: 'edms', repository, state: 'pruned', removed: 2, bytes: 10, kept: 3, leftovers: 0 },
    ...{ problem: '', hint: '' },
    ...given,
  },
  lines: [],
});

test('every repository is pruned and swept', async () => {
  const deployment = runs.deploy('two', {
    listRepositoriesToPrune: async () => ['local', 'vault'],
    pruneRepository: async ({ repository }) =>
      stepOf(repository, { removed: repository === 'vault' ? 2 : 0 }),
    sweepRepository: async () => 1,
  });
  const run = await deployment.start('prune');
  expect(await run.handle.result()).toMatchObject({
    ...{ ok: true, omitted: 0 },
    repositories: [
      { repository: 'local', removed: 0, leftovers: 1 },
      { repository: 'vault', removed: 2, leftovers: 1 },
    ],
  });
  const swept = deployment.inputs('sweepRepository').map(({ repository }) => repository);
  expect(swept.sort()).toEqual(['local', 'vault']);
});

test('one that does not answer, one that stops and one of another host keep none of the others', async () => {
  const deployment = runs.deploy('some', {
    listRepositoriesToPrune: async () => ['down', 'stopped', 'other', 'fine'],
    pruneRepository: async ({ repository }) => {
      if (repository === 'down') throw failing('REPOSITORY_UNREACHABLE', 'it is not mounted');
      if (repository === 'stopped') return stepOf(repository, { state: 'stopped', problem: 'too many' });
      return stepOf(repository, repository === 'other' ? { state: 'not ours', removed: 0 } : {});
    },
  });
  const run = await deployment.start('prune', { force: false });
  const result = (await run.handle.result()) as PruneResult;
  expect(result.ok).toBe(false);
  expect(result.repositories.map(({ repository, state }) => [repository, state])).toEqual([
    ['down', 'failed'],
    ['stopped', 'stopped'],
    ['other', 'not ours'],
    ['fine', 'pruned'],
  ]);
  expect(result.repositories[0]?.problem).toBe('it is not mounted');
  // Leftovers are nobody's backups; where another host writes they are its own.
  expect(
    deployment
      .inputs('sweepRepository')
      .map(({ repository }) => repository)
      .sort(),
  ).toEqual(['fine', 'stopped']);
});

test('a dry run says what would go', async () => {
  const deployment = runs.deploy('dry', {
    pruneRepository: async ({ repository }) => stepOf(repository, { state: 'planned' }),
  });
  const run = await deployment.start('prune', { dryRun: true });
  expect(await run.handle.result()).toMatchObject({ ok: true, repositories: [{ state: 'planned' }] });
  expect(deployment.inputs('pruneRepository')).toMatchObject([{ request: { dryRun: true } }]);
});

test('a backup starts it at its end; one that failed, or whose drill did, never', async () => {
  const sound = runs.deploy('sound');
  await (await sound.start('backup')).handle.result();
  await vi.waitFor(() => expect(sound.inputs('pruneRepository').length).toBe(1), { timeout: 60_000 });
  const failed = runs.deploy('failed', {
    checksumArtifacts: async () => {
      throw failing('CORRUPT_ARTIFACT', 'it is damaged');
    },
  });
  await expect((await failed.start('backup')).handle.result()).rejects.toThrow();
  const undrilled = runs.deploy('undrilled', {
    proveDrill: async () => {
      throw failing('NOT_IDENTICAL', 'a row is missing');
    },
  });
  await (await undrilled.start('backup', { drill: true })).handle.result();
  expect(failed.inputs('pruneRepository')).toEqual([]);
  expect(undrilled.inputs('pruneRepository')).toEqual([]);
});

test('a backup where there are no tiers starts none', async () => {
  const deployment = runs.deploy('keeps-all', {
    planBackup: async (input) => ({ ...(await fakeActivities.planBackup(input)), keepsAll: true }),
  });
  const run = await deployment.start('backup');
  await run.handle.result();
  expect((await run.progress()).steps.map(({ name }) => name)).not.toContain('retention');
});
