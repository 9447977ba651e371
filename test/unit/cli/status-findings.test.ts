import { expect, it } from 'vitest';
import { deploymentFindings } from '../../../src/cli/status/deployment-findings.js';
import { hostFindings } from '../../../src/cli/status/host-findings.js';
import type { DeploymentStatus } from '../../../src/operations/status/status.js';

const now = new Date('2026-03-20T12:00:00Z');

/** All is well. */
const page: DeploymentStatus = {
  deployment: 'edms',
  last: {
    ...{ backup: '20260320T010000Z-full-0001', at: '2026-03-20T01:00:00.000Z' },
    ...{ tiers: ['daily'], bytes: 4_000_000_000, repositories: ['local', 'offsite'] },
  },
  oldest: '2026-03-18T01:00:00.000Z',
  next: [],
  copies: [],
  proof: {
    ...{ maxAgeMs: 35 * 86_400_000, recovery: null, failed: null },
    last: { backup: '20260315T010000Z-full-0001', at: '2026-03-15T05:00:00.000Z', by: 'drill' },
  },
  ...{
    paused: [],
    verified: [],
    kept: [],
    leftovers: [],
    overdue: [],
    waiting: [],
    missed: [],
    unreadable: [],
  },
  growth: { weekBytes: null, monthBytes: null },
  operation: null,
  troubles: [],
  log: { entries: 3, last: null, gaps: 0, problems: 0 },
};

const found = (changed: Partial<DeploymentStatus>, running = true) =>
  deploymentFindings({ ...page, ...changed }, { now, agent: { running } });

it('of a deployment that is well says nothing', () => {
  expect(found({})).toEqual([]);
});

it.each<[string, Partial<DeploymentStatus>, object]>([
  [
    'a log with a gap',
    { log: { ...page.log, gaps: 1 } },
    { level: 'problem', message: 'the log is not whole', hint: 'holdfast status edms --log --verify' },
  ],
  [
    'a log with an entry that nobody signed',
    { log: { ...page.log, problems: 1 } },
    { level: 'problem', message: 'the log is not whole' },
  ],
  [
    'a backup that is yet to come',
    { last: { backup: 'x', at: '2026-03-20T12:00:01.000Z', tiers: [], bytes: 1, repositories: [] } },
    { level: 'warning', message: expect.stringMatching(/which is yet to come: the clock was put back$/) },
  ],
  [
    'what a restore replaced, a day after its time',
    { kept: [kept('2026-03-19T11:59:59.000Z')] },
    { message: 'what 1 restore replaced is still kept, though its time is over', hint: 'holdfast doctor' },
  ],
  [
    'a roll-back that nobody is at',
    {
      operation: {
        ...{ kind: 'restore', backup: 'x', startedAt: '2026-03-20T11:00:00.000Z', run: '' },
        ...{ back: true, interrupted: true },
      },
    },
    {
      level: 'problem',
      message: expect.stringMatching(/^the roll-back of a restore that began .* was interrupted/),
    },
  ],
])('names %s', (_what, changed, finding) => {
  expect(found(changed)).toMatchObject([finding]);
});

it('waits a day for what is kept to go by itself, and names the agent where none runs', () => {
  expect(found({ kept: [kept('2026-03-19T12:00:00.000Z')] })).toEqual([]);
  expect(found({ kept: [kept('2026-03-19T11:00:00.000Z')] }, false)).toMatchObject([{ hint: 'holdfast up' }]);
});

it('names a repository that has no room for another backup like the last one it took', () => {
  const host = (freeBytes: number | null, repository = 'local') => ({
    ...{ at: now.toISOString(), timezone: 'UTC', agent: { running: true, process: 1 }, state: null },
    repositories: [{ repository, kind: 'local' as const, problem: '', freeBytes }],
    ...{ notifiers: [], troubles: [], unreadable: [], deployments: [page] },
  });
  expect(hostFindings(host(3_999_999_999), {})).toEqual([
    {
      level: 'problem',
      message: 'local has 4.0 GB free, and the last backup took 4.0 GB',
      hint: 'holdfast prune; where that is not enough, a bigger disk, or fewer kept: `keep` in holdfast.yaml',
    },
  ]);
  expect(hostFindings(host(4_000_000_000), {})).toEqual([]);
  expect(hostFindings(host(null), {})).toEqual([]);
  expect(hostFindings(host(1, 'archive'), {})).toEqual([]);
});

it('names what a deployment heard of a repository that answers, and not twice what the host says of it', () => {
  const why = 'repository local at /srv/backups holds nothing of edms any more, and held 3 backups';
  const nothing = { backups: 0, bytes: 0, missing: [], copying: [], doubtful: [] };
  const host = (hostSays: string) => ({
    ...{ at: now.toISOString(), timezone: 'UTC', agent: { running: true, process: 1 }, state: null },
    repositories: [{ repository: 'local', kind: 'local' as const, problem: hostSays, freeBytes: null }],
    ...{ notifiers: [], troubles: [], unreadable: [] },
    deployments: [{ ...page, copies: [{ repository: 'local', problem: why, ...nothing }] }],
  });
  expect(hostFindings(host(''), {})).toEqual([
    { level: 'problem', message: why, hint: 'holdfast doctor edms' },
  ]);
  expect(hostFindings(host('the folder of local is missing'), {})).toHaveLength(1);
});

it('names a state folder on a disk that has too little room to go on', () => {
  const host = (freeBytes: number) => ({
    ...{ at: now.toISOString(), timezone: 'UTC', agent: { running: true, process: 1 } },
    state: { folder: '/var/lib/holdfast', freeBytes, leastBytes: 64e6 },
    ...{ repositories: [], notifiers: [], troubles: [], unreadable: [], deployments: [] },
  });
  expect(hostFindings(host(63_999_999), {})).toEqual([
    {
      level: 'problem',
      message:
        'the disk of the state folder /var/lib/holdfast has 63 MB free, and less than 64 MB is too little to run',
      hint: 'free some space there; or a larger disk: state in holdfast.yaml says where it is',
    },
  ]);
  expect(hostFindings(host(64_000_000), {})).toEqual([]);
});

function kept(until: string) {
  return { operation: '0123456789', backup: 'x', replacedAt: '2026-03-17T00:00:00.000Z', until };
}
