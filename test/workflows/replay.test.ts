// Recorded runs must go the way they went: an agent that is updated finds runs that the agent before it has begun.
// scripts/record-histories.ts records them, from real runs.
import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { workflowBundle } from '../support/workflow-bundle.js';
import { payloadsOf } from './payloads.js';

const FOLDER = new URL('../histories/', import.meta.url);

const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

const textOf = (name: string): string => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');

let bundle: { code: string };
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({
    logger,
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
  bundle = await workflowBundle(logger, { telling: true });
});

const replay = (history: unknown) => Worker.runReplayHistory({ workflowBundle: bundle }, history);

test.each(NAMES)('the recorded run %s goes the same way again', async (name) => {
  await expect(replay(JSON.parse(textOf(name)))).resolves.toBeUndefined();
});

test('every way that a run can go has been recorded', () => {
  expect(NAMES.sort()).toEqual([
    'backup',
    'backup-archived-again',
    'backup-cancelled',
    'backup-copied',
    'backup-database',
    'backup-drilled',
    'backup-files',
    'backup-hook-failed',
    'backup-quiet',
    'backup-scheduled',
    'copy',
    'copy-incomplete',
    'doctor',
    'doctor-all',
    'drill',
    'drill-failed',
    'drill-scheduled',
    'prune',
    'restore',
    'restore-cancelled',
    'restore-database',
    'restore-hook-failed',
    'restore-in-place',
    'restore-kept',
    'restore-left-stopped',
    'restore-not-kept',
    'restore-rolled-back',
    'restore-services',
    'restore-unhealthy',
    'settle',
    'undo',
    'verify',
    'verify-all',
    'verify-problems',
    'verify-scheduled',
  ]);
});

test('a run whose steps were in another order does not replay', async () => {
  const swapped = textOf('backup').replaceAll('commitBackup', 'checksumArtifacts');
  await expect(replay(JSON.parse(swapped))).rejects.toThrow(/TMPRL1100/);
});

test('a verification that repairs and was begun before its last check came last goes the same way again', async () => {
  const history = JSON.parse(textOf('verify'));
  const [payload] = history.events[0].workflowExecutionStartedEventAttributes.input.payloads;
  payload.data = Buffer.from('{"deployment":"vault","repair":true}').toString('base64');
  await expect(replay(history)).resolves.toBeUndefined();
});

test.each(NAMES)(
  'the recorded run %s has no payload above 4 kB, and nothing of the machine it ran on',
  (name) => {
    const text = textOf(name);
    const payloads = payloadsOf(JSON.parse(text));
    expect(payloads.length).toBeGreaterThan(1);
    expect(Math.max(...payloads.map(({ bytes }) => bytes))).toBeLessThan(4096);
    for (const shown of [text, ...payloads.map((payload) => payload.text)]) {
      expect(shown).not.toMatch(/\/(tmp|home|root|var|Users)\//);
      expect(shown).not.toMatch(/"identity": "(?!somebody)|\.[jt]s:\d/);
    }
  },
);
