// Runs about so many backups that one history does not hold them: they go on as new ones, and nothing is counted twice.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CopyOutcome } from '../../src/domain/copies.js';
import { fakeActivities } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns(['limit.historyCount.suggestContinueAsNew=40']);
});
afterAll(() => runs.stop());

const ids = Array.from(
  { length: 30 },
  (_, index) => `20260101T0000${String(59 - index).padStart(2, '0')}Z-full-0000`,
);

const page = (all: readonly string[], before: string) => {
  const left = all.filter((id) => before === '' || id < before);
  return { backups: left.slice(0, 10), more: left.length > 10 };
};

test('a run of verify that is too long for one history goes on where it was', async () => {
  const deployment = runs.deploy('verified', {
    listBackupsToVerify: async ({ before }) => page(ids, before),
    verifyBackup: async ({ backup, repository }) => ({
      bytes: 10,
      problems: backup === ids[20] && repository === 'local' ? ['it is missing'] : [],
      repaired: 0,
    }),
  });
  const run = await deployment.start('verify');
  const { runId } = await run.handle.describe();
  expect(await run.handle.result()).toEqual({
    ...{ ok: false, copies: 60, bytes: 600, problems: 1, repaired: 0, omitted: 0 },
    lines: [`${ids[20]} in local: it is missing`],
  });
  expect((await run.handle.describe()).runId).not.toBe(runId);
  const read = deployment.inputs('verifyBackup').map(({ backup, repository }) => `${repository} ${backup}`);
  expect(read).toEqual(['local', 'offsite'].flatMap((name) => ids.map((id) => `${name} ${id}`)));
});

test('a scheduled one knows in all of its parts until when, and says in the last one how late all of it is', async () => {
  const [lateAt, giveUpAt] = [-1_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const shown = gate();
  const deployment = runs.deploy('on-schedule', {
    expectRun: async () => ({ lateAt: lateAt ?? '', giveUpAt: giveUpAt ?? '', usualMs: null }),
    planVerify: async () => ['local'],
    listBackupsToVerify: async ({ before }) => page(ids, before),
    verifyBackup: async (input) => {
      if (input.backup === ids.at(-1)) await shown.opened;
      return fakeActivities.verifyBackup(input);
    },
  });
  const run = await deployment.trigger('verify');
  const first = await run.handle.describe();
  const said = await vi.waitFor(
    async () => {
      expect(deployment.inputs('verifyBackup')).toHaveLength(ids.length);
      const late = (await run.progress()).steps.find(({ name }) => name === 'late');
      const [, seconds] = /^it has taken ([\d.]+) s; /.exec(late?.detail ?? '') ?? [];
      expect(seconds).toBeDefined();
      return Number(seconds);
    },
    { timeout: 60_000 },
  );
  shown.open();
  expect(await run.handle.result()).toMatchObject({ ok: true, copies: 30 });
  const last = await run.handle.describe();
  expect(last.runId).not.toBe(first.runId);
  expect(said * 1_000).toBeGreaterThanOrEqual(Number(last.startTime) - Number(first.startTime) - 100);
  expect(deployment.inputs('expectRun')).toHaveLength(1);
  const times = new Set(deployment.inputs('verifyBackup').map((input) => input.giveUpAt));
  expect(times).toEqual(new Set([giveUpAt]));
});

test('so does a run of copy, with what is missing still', async () => {
  const left = { offsite: [...ids], usb: [...ids] };
  const deployment = runs.deploy('copied', {
    planCopies: async () => ['offsite', 'usb'],
    listMissingCopies: async ({ to, before }) => page(left[to as keyof typeof left], before),
    copyBackup: async ({ backup, to }) => {
      const ofTarget = left[to as keyof typeof left];
      ofTarget.splice(ofTarget.indexOf(backup), 1);
      return 7;
    },
  });
  const run = await deployment.start('copy');
  const { runId } = await run.handle.describe();
  const whole = (repository: string): CopyOutcome => ({
    ...{ repository, state: 'complete', copied: 30, bytes: 210, missing: 0, problem: '' },
  });
  expect(await run.handle.result()).toEqual({
    deployment: 'copied',
    copies: [whole('offsite'), whole('usb')],
  });
  expect((await run.handle.describe()).runId).not.toBe(runId);
  expect(deployment.inputs('copyBackup')).toHaveLength(60);
});
