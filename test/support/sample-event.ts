// An event as it comes to the notifiers: a nightly backup that has failed.
import type { NotifyEvent } from '../../src/domain/events.js';

export const sampleEvent = (changed: Partial<NotifyEvent> = {}): NotifyEvent => ({
  id: 'end-5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11',
  kind: 'failed',
  deployment: 'edms',
  what: 'backup',
  tier: 'daily',
  run: {
    workflowId: 'holdfast.edms.backup.daily-2026-11-21T01:00:00Z',
    runId: '5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11',
  },
  at: '2026-11-21T01:00:14.000Z',
  cause: 'the server db.example.com:5432 refused the connection',
  hint: 'check that the server runs and that host and port are right',
  log: '✗ plan: the server db.example.com:5432 refused the connection\n',
  host: 'web1',
  retry: { again: true, at: '2026-11-22T01:00:00.000Z' },
  newestGood: { backup: '20261120T010003Z-full-3f9a', at: '2026-11-20T01:00:03.000Z' },
  newestProved: { backup: '20261115T010002Z-full-77aa', at: '2026-11-15T04:12:40.000Z' },
  unknown: '',
  command: 'holdfast doctor edms',
  timezone: 'Europe/Zurich',
  title: 'backup of edms (daily) failed on web1',
  test: false,
  ...changed,
});
