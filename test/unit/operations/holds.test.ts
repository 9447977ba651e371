import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runEffect } from '../../../src/domain/effect.js';
import { heldFor } from '../../../src/domain/retention-input.js';
import { endHold, endOldHolds, holdBackup } from '../../../src/operations/holds.js';
import { backupsInUse } from '../../../src/operations/prune/in-use.js';
import type { RunState } from '../../../src/operations/record.js';
import { readHostState } from '../../../src/operations/status/read-host-state.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-holds-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const BACKUP = '20260111T224748Z-full-3f9a';
const HOUR = 3_600_000;

const hold = (firstRunId: string, forMs = HOUR) => ({
  ...{ deployment: 'edms', backup: BACKUP, until: new Date(Date.now() + forMs) },
  holder: { workflowId: 'holdfast.edms.restore', firstRunId, temporal: 'embedded', namespace: 'holdfast' },
});

const files = () => readdir(join(state, 'holds', 'edms'));

const settled = (states: Record<string, RunState>, now = new Date()) =>
  endOldHolds(
    'edms',
    { state, effect: runEffect },
    { runState: async ({ firstRunId }) => states[firstRunId] ?? 'unknown', now: () => now },
  );

test('what a restore waits to read is in use until its time is over, though nobody ever ends the hold', async () => {
  await holdBackup(state, hold('waits'), runEffect);
  expect([...(await backupsInUse({ state }, 'edms'))]).toEqual([
    [BACKUP, 'a restore of it waits for its approval'],
  ]);
  expect(await backupsInUse({ state }, 'other')).toEqual(new Map());
  await holdBackup(state, hold('waits', -1), runEffect);
  expect(await backupsInUse({ state }, 'edms')).toEqual(new Map());
});

test('one restore that goes on ends its own hold, and no other’s', async () => {
  await holdBackup(state, hold('goes-on'), runEffect);
  await holdBackup(state, hold('waits'), runEffect);
  await endHold(state, hold('goes-on'), runEffect);
  await endHold(state, hold('goes-on'), runEffect);
  expect(await files()).toEqual(['waits.json']);
});

test('the agent removes holds of runs that are over and of times that have passed, and asks nobody to be sure of an unknown one', async () => {
  for (const run of ['open', 'closed', 'unknown']) await holdBackup(state, hold(run), runEffect);
  await settled({ open: 'open', closed: 'closed' });
  expect(await files()).toEqual(['open.json', 'unknown.json']);
  await settled({ open: 'open' }, new Date(Date.now() + 2 * HOUR));
  expect(await files()).toEqual([]);
});

test('one that cannot be read holds every backup for a day, is said, and goes then', async () => {
  await holdBackup(state, hold('waits'), runEffect);
  await writeFile(join(state, 'holds', 'edms', 'torn.json'), '{"version": 1');
  const inUse = await backupsInUse({ state }, 'edms');
  expect(inUse.get(BACKUP)).toBe('a restore of it waits for its approval');
  const file = join(state, 'holds', 'edms', 'torn.json');
  const why = `${file} cannot be read: a restore may be waiting to read whichever backup`;
  expect(heldFor(inUse, '20260101T010000Z-full-0001')).toBe(why);
  const { unreadable } = await readHostState(state, 'edms', { running: true });
  expect(unreadable).toEqual([{ message: why, hint: expect.stringContaining(`remove ${file} once`) }]);
  await settled({ waits: 'closed' });
  expect(await files()).toEqual(['torn.json']);
  await settled({}, new Date(Date.now() + 26 * HOUR));
  expect(await files()).toEqual([]);
});

test('one whose file cannot even be looked at holds every backup too', async () => {
  await mkdir(join(state, 'holds', 'edms'), { recursive: true });
  await symlink('torn.json', join(state, 'holds', 'edms', 'torn.json'));
  const inUse = await backupsInUse({ state }, 'edms');
  expect(heldFor(inUse, BACKUP)).toMatch(/torn\.json cannot be read/);
});
