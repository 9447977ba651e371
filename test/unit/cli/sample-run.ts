// A look at a run, with what a test wants to be different.
import type { PendingStep, RunView } from '../../../src/cli/run-view.js';
import type { Progress } from '../../../src/domain/progress.js';

const progressWith = (given: Partial<Progress>): Progress => ({
  kind: 'backup',
  deployment: 'edms',
  backup: '20260111T224748Z-full-3f9a',
  phase: 'working',
  steps: [],
  plan: [],
  confirm: '',
  ...given,
});

export const pendingWith = (given: Partial<PendingStep>): PendingStep => ({
  id: '1',
  activity: 'dumpDatabases',
  attempt: 1,
  failure: null,
  retryAt: null,
  transfer: null,
  ...given,
});

export const viewWith = (progress: Partial<Progress>, pending: PendingStep[] = []): RunView => ({
  status: 'RUNNING',
  progress: progressWith(progress),
  pending,
});
