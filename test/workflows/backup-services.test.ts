import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { BackupPlan } from '../../src/domain/plans.js';
import {
  type Activities,
  attempt,
  failing,
  fakeActivities,
  takenNow,
  tellSnapshot,
  until,
} from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { gate } from './gate.js';
import { planningBackup, SERVICES } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const AROUND: Partial<BackupPlan> = { quiet: SERVICES, hooks: ['beforeBackup', 'afterBackup'] };
const QUIET = {
  since: '2026-01-11T22:47:49.000Z',
  from: '2026-01-11T22:47:49.500Z',
  until: '2026-01-11T22:47:52.000Z',
  partial: false,
};
const part = (letter: string) => ({ name: `${letter}.json`, sha256: letter.repeat(64) });

const expectInOrder = ({ journal }: FakeDeployment, ...entries: string[]): void => {
  const places = entries.map((entry) => journal.indexOf(entry));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
};

const times = ({ calls }: FakeDeployment, name: keyof Activities): number =>
  calls().filter((call) => call === name).length;

/** A dump that has its snapshot and goes on until the services are no longer quiet. */
const untilResumed = (): Pick<Activities, 'dumpDatabases' | 'resumeServices'> => {
  const resumed = gate();
  return {
    dumpDatabases: async () => {
      const taken = takenNow();
      await tellSnapshot(taken);
      await until(resumed.opened);
      return { ...taken, part: part('a'), bytes: 1 };
    },
    resumeServices: async (input) => {
      resumed.open();
      return fakeActivities.resumeServices(input);
    },
  };
};

test.concurrent('a plan without quiet services and hooks runs none of their steps', async () => {
  const deployment = runs.deploy('bare');
  await (await deployment.start('backup')).handle.result();
  for (const name of ['runBackupHook', 'quietServices', 'resumeServices'] as const)
    expect(times(deployment, name)).toBe(0);
  expect(deployment.inputs('commitBackup')[0]?.quiet).toBeNull();
});

test.concurrent('services are quiet from before the dump until the files are read, and the hooks run outside of that', async () => {
  const deployment = runs.deploy('in-order', { ...planningBackup(AROUND), ...untilResumed() });
  const run = await deployment.start('backup');
  await run.handle.result();
  // What comes behind is retention's own run.
  expect(deployment.calls().slice(0, 11)).toEqual([
    'planBackup',
    'beginBackup',
    'runBackupHook',
    'quietServices',
    'dumpDatabases',
    'archiveFiles',
    'resumeServices',
    'checksumArtifacts',
    'commitBackup',
    'runBackupHook',
    'releaseBackup',
  ]);
  expectInOrder(
    deployment,
    'quietServices ends',
    'dumpDatabases begins',
    'archiveFiles ends',
    'resumeServices ends',
    'dumpDatabases ends',
    'checksumArtifacts begins',
  );
  expect(deployment.inputs('runBackupHook').map(({ hook }) => hook)).toEqual(['beforeBackup', 'afterBackup']);
  expect(deployment.inputs('commitBackup')[0]?.quiet).toEqual(QUIET);
});

test.concurrent('only the hooks that the plan names are run', async () => {
  for (const hook of ['beforeBackup', 'afterBackup'] as const) {
    const deployment = runs.deploy(`only-${hook.toLowerCase()}`, planningBackup({ hooks: [hook] }));
    await (await deployment.start('backup')).handle.result();
    expect(deployment.inputs('runBackupHook').map((input) => input.hook)).toEqual([hook]);
    const calls = deployment.calls();
    const own = calls.slice(0, calls.indexOf('releaseBackup') + 1);
    expect(own.at(hook === 'beforeBackup' ? 2 : -2)).toBe('runBackupHook');
  }
});

test.concurrent('services stay quiet as long as the files are read, however early the dump ends', async () => {
  const read = gate();
  const deployment = runs.deploy('slow-files', {
    ...planningBackup(AROUND),
    archiveFiles: async () => {
      const scanStartedAt = new Date().toISOString();
      await until(read.opened);
      return { part: part('b'), bytes: 1, scanStartedAt };
    },
  });
  const run = await deployment.start('backup');
  await vi.waitFor(() => expect(deployment.journal).toContain('dumpDatabases ends'), { timeout: 60_000 });
  expect(times(deployment, 'resumeServices')).toBe(0);
  read.open();
  await run.handle.result();
  expectInOrder(deployment, 'archiveFiles ends', 'resumeServices begins', 'checksumArtifacts begins');
  expect(times(deployment, 'resumeServices')).toBe(1);
});

test.concurrent('where databases alone are stored, services go on as soon as the snapshot is there', async () => {
  const deployment = runs.deploy('databases', {
    ...planningBackup({ ...AROUND, trees: [] }),
    ...untilResumed(),
  });
  await (await deployment.start('backup', { type: 'database' })).handle.result();
  expectInOrder(deployment, 'dumpDatabases begins', 'resumeServices ends', 'dumpDatabases ends');
  expect(times(deployment, 'resumeServices')).toBe(1);
  expect(times(deployment, 'archiveFiles')).toBe(0);
  expect(deployment.inputs('commitBackup')[0]?.quiet).toEqual(QUIET);
});

test.concurrent('where files alone are stored, services go on when they are read', async () => {
  const deployment = runs.deploy('files', planningBackup({ ...AROUND, databases: [] }));
  await (await deployment.start('backup', { type: 'files' })).handle.result();
  expectInOrder(deployment, 'quietServices ends', 'archiveFiles ends', 'resumeServices begins');
  expect(times(deployment, 'resumeServices')).toBe(1);
  expect(deployment.inputs('commitBackup')[0]).toMatchObject({ quiet: QUIET, snapshot: null });
});

test.concurrent('services that went on are not quietened again for a dump that is tried again', async () => {
  const resumed = gate();
  const deployment = runs.deploy('dumped-again', {
    ...planningBackup(AROUND),
    dumpDatabases: async () => {
      const taken = takenNow();
      await tellSnapshot(taken);
      await until(resumed.opened);
      if (attempt() === 1) throw failing('TOOL_FAILED', 'pg_dump ended with exit code 3');
      return { ...taken, part: part('a'), bytes: 1 };
    },
    resumeServices: async (input) => {
      // The next snapshot is another moment.
      setTimeout(resumed.open, 5);
      return fakeActivities.resumeServices(input);
    },
  });
  await (await deployment.start('backup')).handle.result();
  expect(times(deployment, 'archiveFiles')).toBe(2);
  expect(times(deployment, 'quietServices')).toBe(1);
  expect(times(deployment, 'resumeServices')).toBe(1);
  const [committed] = deployment.inputs('commitBackup');
  expect(committed?.quiet).toEqual(QUIET);
});

test.concurrent('progress says which services were quiet, and for how long', async () => {
  const run = await runs.deploy('said', planningBackup(AROUND)).start('backup');
  await run.handle.result();
  const { steps } = await run.progress();
  const detail = (name: string) => steps.find((step) => step.name === name)?.detail;
  expect(detail('quiet services')).toBe('compose edms/web, compose edms/worker');
  expect(detail('resume services')).toBe('after 3.0 s');
});
