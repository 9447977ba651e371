import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from './ending.js';
import { BACKUP, failing, fakeActivities, until } from './fake-activities.js';
import type { Run } from './fake-deployment.js';
import { gate } from './gate.js';
import { payloadsOf } from './payloads.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

interface Metadata {
  currentDetails: string;
  definition: Record<'queryDefinitions' | 'updateDefinitions', { name: string; description: string }[]>;
}

/** What the Temporal UI asks for. */
const metadata = ({ handle }: Run) => handle.query<Metadata>('__temporal_workflow_metadata');
const details = async (run: Run) => (await metadata(run)).currentDetails;

/** The labels of activities and timers in the Temporal UI. */
const summaries = async ({ handle }: Run): Promise<unknown[]> => {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .filter((event) => event.activityTaskScheduledEventAttributes || event.timerStartedEventAttributes)
    .map(({ userMetadata }) =>
      userMetadata?.summary ? defaultPayloadConverter.fromPayload(userMetadata.summary as Payload) : null,
    );
};

test.concurrent('every step of a backup and of a restore is labelled for the Temporal UI', async () => {
  const backup = await runs.deploy('labels-backup').start('backup');
  await backup.handle.result();
  expect(await summaries(backup)).toEqual([
    'plan',
    'begin',
    'dump databases',
    'archive files',
    'checksum',
    'commit',
    'release',
  ]);
  const restore = await runs.deploy('labels-restore', { swap: barred }).start('restore');
  await restore.reaches('waiting for approval');
  await restore.update('approve', { confirm: `labels-restore@${BACKUP}` });
  await failureOf(restore);
  const labels = await summaries(restore);
  expect(labels.slice(0, 4)).toEqual([
    'plan',
    `waiting for the update approve with {"confirm": "labels-restore@${BACKUP}"}`,
    'begin',
    'fetch',
  ]);
  expect(labels.slice(4, 6).sort()).toEqual(['stage databases', 'stage files']);
  expect(labels.slice(6)).toEqual(['swap', 'roll back']);
});

const barred = async (): Promise<never> => {
  throw failing('DATABASE_RIGHTS', 'must be owner of database edms');
};

test.concurrent('progress and details tell each phase of a backup', async () => {
  const planning = gate();
  const checking = gate();
  const deployment = runs.deploy('phases', {
    planBackup: async (input) => {
      await until(planning.opened);
      return fakeActivities.planBackup(input);
    },
    checksumArtifacts: async () => {
      await until(checking.opened);
      return { bytes: 5_000_000, artifacts: 1 };
    },
  });
  const run = await deployment.start('backup');
  await deployment.begun('planBackup');
  expect(await run.progress()).toMatchObject({
    kind: 'backup',
    phase: 'planning',
    backup: '',
    steps: [{ name: 'plan', state: 'running' }],
  });
  expect(await details(run)).toBe('**backup of phases: planning**\n\n\n- … plan');
  planning.open();
  await deployment.begun('checksumArtifacts');
  const { phase, steps } = await run.progress();
  expect(phase).toBe('working');
  expect(steps).toEqual([
    { name: 'plan', state: 'done', detail: 'main, storage' },
    { name: 'begin', state: 'done', detail: '' },
    { name: 'dump databases', state: 'done', detail: '3.0 MB stored' },
    { name: 'archive files', state: 'done', detail: '2.0 MB stored' },
    { name: 'checksum', state: 'running', detail: '' },
  ]);
  expect(await details(run)).toContain(`**backup of phases: working** (${BACKUP})`);
  expect(await details(run)).toContain('✓ dump databases: 3.0 MB stored');
  checking.open();
  await run.handle.result();
  const done = await run.progress();
  expect(done.phase).toBe('done');
  expect(done.steps.slice(4)).toEqual([
    { name: 'checksum', state: 'done', detail: '1 artifact, 5.0 MB, as written' },
    { name: 'commit', state: 'done', detail: `${BACKUP}, gap 12 ms` },
    { name: 'release', state: 'done', detail: '' },
    { name: 'retention', state: 'done', detail: 'holdfast.phases.prune' },
  ]);
  expect(await details(run)).toContain('**backup of phases: done**');
});

test.concurrent('progress and details tell what failed, and what was rolled back', async () => {
  const run = await runs.deploy('failed', { swap: barred }).start('restore');
  await run.reaches('waiting for approval');
  const waiting = await details(run);
  expect(waiting).toContain('- files storage');
  expect(waiting).toContain(`send the update \`approve\` with \`{"confirm": "failed@${BACKUP}"}\``);
  await run.update('approve', { confirm: `failed@${BACKUP}` });
  await failureOf(run);
  const { phase, steps } = await run.progress();
  expect(phase).toBe('rolled back');
  expect(steps.slice(-2)).toEqual([
    { name: 'swap', state: 'failed', detail: 'must be owner of database edms' },
    { name: 'roll back', state: 'done', detail: 'what was there before is there again' },
  ]);
  const after = await details(run);
  expect(after).toContain('**restore of failed: rolled back**');
  expect(after).toContain('✗ swap: must be owner of database edms');
  expect(after).not.toContain('approve` with');
});

test.concurrent('the Temporal UI offers approve, decide and giveUp with what they expect', async () => {
  const run = await runs.deploy('offers').start('restore');
  await run.reaches('waiting for approval');
  const { definition } = await metadata(run);
  expect(definition.queryDefinitions.map(({ name }) => name)).toContain('progress');
  expect(definition.updateDefinitions).toEqual([
    {
      name: 'approve',
      description: expect.stringContaining('{"confirm": "DEPLOYMENT@BACKUP-ID", "by": "YOUR NAME"}'),
    },
    { name: 'decide', description: expect.stringContaining('{"keep": true}') },
    { name: 'giveUp', description: expect.stringContaining('Ends a roll-back') },
  ]);
  await run.handle.cancel();
  await failureOf(run);
});

test.concurrent('the steps of a restore tell what came out of them', async () => {
  const run = await runs.deploy('tells').start('restore', { confirm: `tells@${BACKUP}` });
  await run.handle.result();
  const { steps } = await run.progress();
  expect(steps.map(({ name, detail }) => (detail === '' ? name : `${name}: ${detail}`)).sort()).toEqual([
    'approval: given with the input',
    'begin',
    'fetch: 3 artifacts, 5.0 MB, as stored',
    'keep previous: until 2026-01-14T08:00:00.000Z',
    'plan',
    'stage databases: 1234 rows, as in the backup',
    'stage files: 56 files, as in the backup',
    'swap: closed for 250 ms',
  ]);
});

test.concurrent('a failed run shows a sentence, and no stack with paths of the machine that built it', async () => {
  const run = await runs.deploy('no-stack').startWith('backup', []);
  await failureOf(run);
  const history = historyToJSON(await run.handle.fetchHistory());
  expect(history).toContain('backup: no input was given');
  expect(history).not.toContain('.ts:');
});

test.concurrent('no payload of a run is larger than 4 kB', async () => {
  const deployment = runs.deploy('small', { swap: barred });
  for (const run of [
    await deployment.start('backup'),
    await deployment.start('restore', { confirm: `small@${BACKUP}` }),
  ]) {
    await run.handle.result().catch(() => undefined);
    const payloads = payloadsOf(JSON.parse(historyToJSON(await run.handle.fetchHistory())));
    expect(payloads.length).toBeGreaterThan(20);
    expect(Math.max(...payloads.map(({ bytes }) => bytes))).toBeLessThan(4096);
  }
  expect(deployment.inputs('swap')[0]?.plan.lines).toEqual([]);
});
