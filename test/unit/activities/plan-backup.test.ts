import { afterEach, beforeEach, expect, test } from 'vitest';
import { quickActivities } from '../../../src/activities/index.js';
import type { BackupPlan } from '../../../src/domain/plans.js';
import { asActivity } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';

let deployment: FilesDeployment;
beforeEach(async () => {
  deployment = await createFilesDeployment();
});
afterEach(() => deployment.remove());

const planned = (tier: string, scheduledFor: string | null = null): Promise<BackupPlan> => {
  const run = { workflowId: 'by-hand', firstRunId: 'by-hand' };
  const request = { deployment: 'edms', type: 'full' as const, tier, takeOver: false, drill: false };
  const { planBackup } = quickActivities(deployment.dependencies);
  return asActivity(planBackup, { request, run, scheduledFor });
};

test('only where there are tiers has retention something to do after a backup', async () => {
  expect((await planned('manual')).keepsAll).toBe(true);
  await deployment.configure({ tiers: { daily: { keep: 7 } } });
  expect(await planned('manual')).not.toHaveProperty('keepsAll');
});

test('a run that Trigger started is of its tier and takes no scheduled moment', async () => {
  await deployment.configure({ tiers: { daily: { keep: 7 } } }, { timezone: 'Europe/Zurich' });
  const triggered = await planned('daily', '2026-01-20T13:37:42.000Z');
  expect(triggered.tier).toBe('daily');
  expect(triggered).not.toHaveProperty('scheduledFor');
  expect(await planned('daily', '2026-01-20T01:00:00.000Z')).toMatchObject({
    ...{ tier: 'daily', scheduledFor: '2026-01-20T01:00:00.000Z' },
  });
});
