import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempt, BACKUP, failing, takenNow, tellSnapshot, until } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const stored = (name: string, letter: string) => ({ name, sha256: letter.repeat(64) });

test.concurrent('a backup plans, takes the operation, stores, checks, commits and gives the operation back', async () => {
  const deployment = runs.deploy('in-order');
  const run = await deployment.start('backup');
  expect(await run.handle.result()).toEqual({
    deployment: 'in-order',
    backup: BACKUP,
    bytes: 5_000_000,
    artifacts: 3,
    gapMs: 12,
    durationMs: expect.any(Number),
    copies: [],
  });
  // Then comes retention, a run of its own.
  expect(deployment.calls().slice(0, 7)).toEqual([
    'planBackup',
    'beginBackup',
    'dumpDatabases',
    'archiveFiles',
    'checksumArtifacts',
    'commitBackup',
    'releaseBackup',
  ]);
  expect(deployment.inputs('planBackup')[0]?.run).toEqual({
    workflowId: run.handle.workflowId,
    firstRunId: expect.any(String),
  });
});

test.concurrent('files are archived beside the dump, but only after it has told of its snapshot', async () => {
  const archiving = gate();
  const mayTell = gate();
  const order: string[] = [];
  const deployment = runs.deploy('lock-step', {
    dumpDatabases: async () => {
      await until(mayTell.opened);
      order.push('snapshot told');
      const taken = takenNow();
      await tellSnapshot(taken);
      await until(archiving.opened);
      order.push('dump ended');
      return { ...taken, part: stored('databases.json', 'a'), bytes: 1 };
    },
    archiveFiles: async () => {
      order.push('archive began');
      archiving.open();
      return { part: stored('files.json', 'b'), bytes: 1, scanStartedAt: new Date().toISOString() };
    },
  });
  const run = await deployment.start('backup');
  await deployment.begun('dumpDatabases');
  const { steps } = await run.progress();
  expect(steps.at(-1)).toEqual({ name: 'dump databases', state: 'running', detail: '' });
  expect(deployment.calls()).not.toContain('archiveFiles');
  mayTell.open();
  await run.handle.result();
  expect(order).toEqual(['snapshot told', 'archive began', 'dump ended']);
});

test.concurrent('a dump that is tried again has a newer snapshot, and the files are archived again after it', async () => {
  const archived = gate();
  const snapshots: string[] = [];
  const scans: string[] = [];
  const deployment = runs.deploy('newer-snapshot', {
    dumpDatabases: async () => {
      if (attempt() > 1) await until(archived.opened);
      const taken = takenNow();
      snapshots.push(taken.takenAt);
      await tellSnapshot(taken);
      if (attempt() > 1) return { ...taken, part: stored('databases.json', 'a'), bytes: 1 };
      await until(archived.opened);
      throw failing('TOOL_FAILED', 'pg_dump ended with exit code 3');
    },
    archiveFiles: async () => {
      scans.push(new Date().toISOString());
      const letter = scans.length === 1 ? 'b' : 'c';
      // The next snapshot is another moment.
      setTimeout(archived.open, 5);
      return { part: stored('files.json', letter), bytes: 1, scanStartedAt: scans.at(-1) ?? '' };
    },
  });
  await (await deployment.start('backup')).handle.result();
  expect(snapshots.length).toBe(2);
  expect(scans.length).toBe(2);
  expect((scans[0] ?? '') < (snapshots[1] ?? '')).toBe(true);
  expect((scans[1] ?? '') >= (snapshots[1] ?? '')).toBe(true);
  const [committed] = deployment.inputs('commitBackup');
  expect(committed?.snapshot?.takenAt).toBe(snapshots[1]);
  expect(committed?.parts).toEqual([stored('databases.json', 'a'), stored('files.json', 'c')]);
});

test.concurrent('a dump that is tried again before its snapshot leaves the files archived once', async () => {
  const deployment = runs.deploy('no-snapshot-yet', {
    dumpDatabases: async () => {
      if (attempt() === 1) throw failing('DATABASE_UNREACHABLE', 'no answer');
      const taken = takenNow();
      await tellSnapshot(taken);
      return { ...taken, part: stored('databases.json', 'a'), bytes: 1 };
    },
  });
  await (await deployment.start('backup')).handle.result();
  expect(deployment.calls().filter((name) => name === 'dumpDatabases').length).toBe(2);
  expect(deployment.calls().filter((name) => name === 'archiveFiles').length).toBe(1);
});

test.concurrent('a backup of the files alone waits for no snapshot, and one of the database alone archives nothing', async () => {
  const files = runs.deploy('files-only');
  await (await files.start('backup', { type: 'files' })).handle.result();
  expect(files.calls()).toContain('archiveFiles');
  expect(files.calls()).not.toContain('dumpDatabases');
  expect(files.inputs('commitBackup')[0]).toMatchObject({ snapshot: null, parts: [{ name: 'files.json' }] });

  const database = runs.deploy('database-only');
  await (await database.start('backup', { type: 'database' })).handle.result();
  expect(database.calls()).not.toContain('archiveFiles');
  expect(database.inputs('commitBackup')[0]).toMatchObject({
    snapshot: { takenAt: expect.any(String) },
    parts: [{ name: 'databases.json' }],
  });
});

test.concurrent('somebody waits for a backup by hand: after five attempts it says why and ends', async () => {
  const deployment = runs.deploy('by-hand', {
    checksumArtifacts: async () => {
      throw failing('REPOSITORY_UNREACHABLE', `not mounted, ${attempt()}`);
    },
  });
  const run = await deployment.start('backup');
  await expect(run.handle.result()).rejects.toMatchObject({
    cause: { type: 'REPOSITORY_UNREACHABLE', message: 'not mounted, 5' },
  });
});

test.concurrent('nobody waits for a scheduled backup: it goes on trying', async () => {
  const deployment = runs.deploy('scheduled', {
    checksumArtifacts: async () => {
      if (attempt() < 8) throw failing('REPOSITORY_UNREACHABLE', 'not mounted');
      return { bytes: 1, artifacts: 1 };
    },
  });
  const run = await deployment.start('backup', { tier: 'daily' });
  expect(await run.handle.result()).toMatchObject({ artifacts: 1 });
});

test.concurrent('the server refuses a second backup of a deployment while one runs', async () => {
  const over = gate();
  const deployment = runs.deploy('only-one', {
    checksumArtifacts: async () => {
      await until(over.opened);
      return { bytes: 1, artifacts: 1 };
    },
  });
  const first = await deployment.start('backup');
  await expect(deployment.start('backup')).rejects.toThrow(/already started/);
  over.open();
  await first.handle.result();
  await (await deployment.start('backup')).handle.result();
});
