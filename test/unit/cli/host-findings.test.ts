import { expect, test } from 'vitest';
import { hostFindings } from '../../../src/cli/status/host-findings.js';
import type { DeploymentStatus } from '../../../src/operations/status/status.js';

const AT = '2026-03-20T12:00:00.000Z';

const edms = (bytes: number): DeploymentStatus => ({
  deployment: 'edms',
  last: { backup: '20260320T010000Z-full-0001', at: AT, tiers: ['daily'], bytes, repositories: ['local'] },
  ...{ oldest: AT, next: [], copies: [], verified: [], kept: [], leftovers: [], overdue: [], waiting: [] },
  proof: { maxAgeMs: 1, last: null, recovery: null, failed: null },
  growth: { weekBytes: null, monthBytes: null },
  ...{ missed: [], operation: null, troubles: [], unreadable: [] },
  log: { entries: 1, last: AT, gaps: 0, problems: 0 },
});

const found = (freeBytes: number | null) =>
  hostFindings(
    {
      ...{ at: AT, timezone: 'UTC', agent: { running: true, process: 4711 }, notifiers: [], troubles: [] },
      repositories: [{ repository: 'local', kind: 'local', problem: '', freeBytes }],
      deployments: [edms(180_000_000)],
    },
    {},
  );

test('where the last backup would not fit again, the command stands first, and then what else helps', () => {
  expect(found(51_600_000)).toEqual([
    {
      level: 'problem',
      message: 'local has 51.6 MB free, and the last backup took 180 MB',
      hint: 'holdfast prune; where that is not enough, a bigger disk, or fewer kept: `keep` in holdfast.yaml',
    },
  ]);
  expect(found(180_000_000)).toEqual([]);
  expect(found(null)).toEqual([]);
});
