import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectRun } from '../../../src/activities/backup/expect-run.js';
import { asActivity } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';
import { storeBackup } from '../../support/stored-backup.js';

let deployment: FilesDeployment;
beforeEach(async () => {
  deployment = await createFilesDeployment();
});
afterEach(() => deployment.remove());

const TIERS = { daily: { keep: 7 }, hourly: { keep: 24 } };

const configure = (settings: object) => deployment.configure(settings, { timezone: 'Europe/Zurich' });

/** Of a run that began at that time; the schedule's daily moment is 01:00 UTC. */
const expected = (tier: string, startedAt = '2026-01-20T01:00:00.000Z', scheduledFor: string | null = null) =>
  asActivity(expectRun(deployment.dependencies), { deployment: 'edms', tier, startedAt, scheduledFor });

/** One of each day, that took so many minutes. */
const made = async (minutes: readonly number[], tier = 'daily'): Promise<void> => {
  const repository = { kind: 'local' as const, name: 'local', path: `${deployment.folder}/backups` };
  for (const [index, length] of minutes.entries()) {
    const startedAt = new Date(Date.UTC(2026, 0, index + 1, 1));
    const stamp = startedAt.toISOString().replace(/[-:]/g, '').slice(0, 15);
    await storeBackup(repository, [1], `${stamp}Z-full-3f9a`, {
      tiers: [tier],
      scheduledFor: startedAt.toISOString(),
      startedAt: startedAt.toISOString(),
      finishedAt: new Date(startedAt.getTime() + length * 60_000).toISOString(),
    });
  }
};

test('a run is late after three times what the last ones of its tier took, whatever one slow night took', async () => {
  await configure({ tiers: TIERS });
  await made([5, 20, 20, 300, 20, 25, 20, 20]);
  expect(await expected('daily')).toMatchObject({ usualMs: 1_200_000, lateAt: '2026-01-20T02:00:00.000Z' });
  expect(await expected('hourly')).toMatchObject({ usualMs: null, lateAt: '2026-01-20T02:00:00.000Z' });
});

test('it gives up before the next one is due, or as it was told', async () => {
  await configure({ tiers: TIERS });
  expect((await expected('hourly')).giveUpAt).toBe('2026-01-20T02:00:00.000Z');
  expect((await expected('daily')).giveUpAt).toBe('2026-01-20T13:00:00.000Z');
  await configure({ tiers: TIERS, giveUpAfter: '30m' });
  expect((await expected('daily')).giveUpAt).toBe('2026-01-20T01:30:00.000Z');
});

test('a verification or a drill gives up before its own next moment, and is late after an hour where nobody knows better', async () => {
  await configure({ tiers: TIERS, verify: { schedule: '0 2-20/6 * * *' }, drill: { schedule: '0 4 * * 0' } });
  expect(await expected('verify')).toEqual({
    ...{ giveUpAt: '2026-01-20T07:00:00.000Z', lateAt: '2026-01-20T02:00:00.000Z', usualMs: null },
  });
  expect((await expected('drill')).giveUpAt).toBe('2026-01-20T13:00:00.000Z');
  await configure({ tiers: TIERS, giveUpAfter: '30m' });
  expect((await expected('verify')).giveUpAt).toBe('2026-01-20T01:30:00.000Z');
});

test('what was not made before it is told with it, of its own moments only', async () => {
  await configure({ tiers: TIERS, drill: { schedule: '0 5 * * 0' } });
  await made([5, 5, 5]);
  const said = async (...of: Parameters<typeof expected>) => {
    const { caughtUp, missed } = await expected(...of);
    return { caughtUp, missed };
  };
  const moment = '2026-01-06T01:00:00.000Z';
  expect(await said('daily', '2026-01-06T09:00:00.000Z', moment)).toEqual({
    caughtUp: 'made for 2026-01-06T01:00Z, 8 h later: nothing could be made then',
    missed: '2 moments since 2026-01-04T01:00Z have no backup',
  });
  expect(await said('daily', '2026-01-04T01:01:00.000Z', '2026-01-04T01:00:00.000Z')).toEqual({});
  expect(await said('daily', '2026-01-06T13:37:42.000Z', '2026-01-06T13:37:42.000Z')).toEqual({});
  expect(await said('drill', '2026-01-05T04:00:00.000Z', '2026-01-04T04:00:00.000Z')).toEqual({
    caughtUp: 'made for 2026-01-04T04:00Z, 24 h later: nothing could be made then',
  });
});

test('repositories that do not answer keep no run from being made', async () => {
  await deployment.configure(
    { tiers: TIERS },
    { repositories: { away: { rclone: 'nosuchremote:backups' } }, timezone: 'Europe/Zurich' },
  );
  expect(await expected('daily')).toMatchObject({ usualMs: null });
});
