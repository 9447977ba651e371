// Activities as plain objects: every one answers at once and as it should. A test changes the ones that it is about.
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { toApplicationFailure } from '../../src/activities/application-failure.js';
import type { QuickActivities, TransferActivities } from '../../src/activities/index.js';
import { Failure, type FailureOptions } from '../../src/domain/failure.js';
import type { FailureCode } from '../../src/domain/failure-codes.js';
import { type SnapshotTaken, snapshotSignal } from '../../src/domain/plans.js';

export type Activities = QuickActivities & TransferActivities;

export const SAFETY = '20260112T075900Z-database-5afe';
export const BACKUP = '20260111T224748Z-full-3f9a';

const operation = { operation: '0123456789', instance: 'instance' };
const part = (name: string) => ({ name, sha256: 'a'.repeat(64) });

export const fakeActivities: Activities = {
  expectRun: async () => ({ giveUpAt: inAnHour(), lateAt: inAnHour(), usualMs: null }),
  planBackup: async ({ request, run }) => ({
    ...operation,
    ...request,
    backup: BACKUP,
    startedAt: '2026-01-11T22:47:48.000Z',
    run,
    configuration: 'c'.repeat(64),
    databases: request.type === 'files' ? [] : ['main'],
    trees: request.type === 'database' ? [] : ['storage'],
    quiet: [],
    hooks: [],
    copies: [],
  }),
  beginBackup: async () => undefined,
  dumpDatabases: async () => {
    const taken = takenNow();
    await tellSnapshot(taken);
    return { ...taken, part: part('databases.json'), bytes: 3_000_000 };
  },
  archiveFiles: async () => ({
    part: part('files.json'),
    bytes: 2_000_000,
    scanStartedAt: new Date().toISOString(),
  }),
  checksumArtifacts: async () => ({ bytes: 5_000_000, artifacts: 3 }),
  commitBackup: async () => ({ gapMs: 12 }),
  releaseBackup: async () => undefined,
  planRestore: async ({ request, run }) => ({
    ...operation,
    kind: request.backup === 'previous' ? 'undo' : 'restore',
    mode: request.mode,
    safety: request.mode === 'in-place' && !request.withoutSafetyBackup ? SAFETY : '',
    deployment: request.deployment,
    backup: BACKUP,
    repository: 'local',
    run,
    configuration: 'c'.repeat(64),
    databases: ['main'],
    trees: ['storage'],
    undoes: request.backup === 'previous' ? 'fedcba9876' : '',
    services: [],
    leaveStopped: request.leaveStopped,
    hooks: false,
    checks: false,
    approveWithinMs: 60_000,
    forwardWithinMs: 120_000,
    healthyWithinMs: 60_000,
    lines: [`backup ${BACKUP}`, 'database main', 'files storage'],
    digest: 'd'.repeat(64),
  }),
  beginRestore: async () => undefined,
  makeWay: async () => ({ backup: BACKUP }),
  fetchArtifacts: async () => ({ artifacts: 3, bytes: 5_000_000, elsewhere: [] }),
  makeSafetyBackup: async () => ({ artifacts: 2, bytes: 3_000_000 }),
  restoreInPlace: async () => ({
    closedAt: '2026-01-12T08:00:00.000Z',
    openAt: '2026-01-12T08:00:03.000Z',
    rows: 1234,
    busy: [],
  }),
  stageDatabases: async () => ({ databases: 1, rows: 1234 }),
  stageTrees: async () => ({ trees: 1, files: 56 }),
  runBackupHook: async () => undefined,
  quietServices: async () => ({ since: '2026-01-11T22:47:49.000Z', from: '2026-01-11T22:47:49.500Z' }),
  resumeServices: async () => ({ until: '2026-01-11T22:47:52.000Z', partial: false }),
  lookAtHealth: async () => ({ healthy: true, lines: [] }),
  stopServices: async () => ({ since: '2026-01-12T07:59:59.000Z', stopped: ['compose edms/web'] }),
  runAfterRestore: async () => undefined,
  startServices: async () => ({ until: '2026-01-12T08:00:01.000Z', started: ['compose edms/web'] }),
  awaitHealth: async () => ({ healthy: true, lines: [] }),
  swap: async () => ({ closedAt: '2026-01-12T08:00:00.000Z', openAt: '2026-01-12T08:00:00.250Z' }),
  keepPrevious: async () => '2026-01-14T08:00:00.000Z',
  planDrill: async ({ request, run }) => ({
    ...operation,
    deployment: request.deployment,
    backup: BACKUP,
    repository: 'local',
    run,
    configuration: 'c'.repeat(64),
    databases: ['main'],
    trees: ['storage'],
    rawBytes: 8_000_000,
    elsewhere: false,
    withoutOwners: [],
    opened: '',
    lines: [`backup ${BACKUP}, from repository local`],
  }),
  beginDrill: async () => undefined,
  proveDrill: async () => ({ tables: 7, objects: 40, assertions: 1, notes: [] }),
  clearDrill: async () => 'what was staged is removed',
  rollBackOperation: async () => 'what was there before is there again',
  settleOperation: async () => 'there is nothing to settle',
  planCopies: async () => ['offsite'],
  listMissingCopies: async () => ({ backups: [BACKUP], more: false }),
  copyBackup: async () => 5_000_000,
  planVerify: async () => ['local', 'offsite'],
  listRepositoriesToPrune: async () => ['local'],
  pruneRepository: async ({ request, repository }) => ({
    pruned: {
      ...{ deployment: request.deployment, repository, state: 'pruned', removed: 0, bytes: 0 },
      ...{ kept: 1, leftovers: 0, problem: '', hint: '' },
    },
    lines: [],
  }),
  sweepRepository: async () => 0,
  listBackupsToVerify: async () => ({ backups: [BACKUP], more: false }),
  noteVerified: async () => undefined,
  noteUnplannedDrill: async () => undefined,
  inspectRepository: async () => ({ state: 'looked', problems: [] }),
  verifyBackup: async () => ({ bytes: 5_000_000, problems: [], repaired: 0 }),
  listDeployments: async () => ['edms'],
  tell: async () => undefined,
  checkDeployment: async ({ area }) => ({
    kept: [{ area, level: 'ok', message: `all is well with ${area}`, hint: '' }],
    omitted: 0,
  }),
};

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

export const takenNow = (): SnapshotTaken => {
  const now = new Date().toISOString();
  return { requestedAt: now, takenAt: now };
};

/** As the real dump does: it signals the workflow it belongs to, and goes on. */
export const tellSnapshot = async (taken: SnapshotTaken): Promise<void> => {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? { workflowId: '', runId: '' };
  await client.workflow.getHandle(workflowId, runId).signal(snapshotSignal, taken);
};

/** What an activity throws. Where Temporal tries again, it does so at once. */
export const failing = (code: FailureCode, message: string, options?: FailureOptions): ApplicationFailure => {
  const { type, nonRetryable, details } = toApplicationFailure(new Failure(code, message, options));
  return ApplicationFailure.create({
    message,
    type: type ?? code,
    nonRetryable: nonRetryable ?? false,
    details: details ?? [],
    nextRetryDelay: 1,
  });
};

/** Which attempt this is, from 1. */
export const attempt = (): number => Context.current().info.attempt;

/** Waits as a long step does: with heartbeats, and until it is told to stop. */
export const until = async <T>(happened: Promise<T>): Promise<T> => {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 20);
  try {
    return await Promise.race([happened, context.cancelled]);
  } finally {
    clearInterval(timer);
  }
};

/** Only a cancellation ends it. */
export const untilCancelled = (): Promise<never> => until(Context.current().cancelled);
