import { expect, it } from 'vitest';
import { plannedLines, prunedLines } from '../../../src/cli/render/prune.js';
import type { PrunedRepository } from '../../../src/domain/prune.js';

const ID = '20260111T224748Z-full-3f9a';
const PLANNED = {
  deployment: 'edms',
  repository: 'local',
  backups: [],
  leftovers: [],
  stop: '',
  problem: '',
};
const PRUNED: PrunedRepository = {
  ...{ deployment: 'edms', repository: 'local', state: 'pruned', removed: 1, bytes: 1_900_000 },
  ...{ kept: 30, leftovers: 2, problem: '', hint: '' },
};

it('a plan has a line for each backup, with its reason', () => {
  const going = { backup: ID, keep: false, keptBy: null, reason: 'daily keeps 3 moments, all of them newer' };
  const kept = { backup: ID, keep: true, keptBy: 'pin' as const, reason: 'it is pinned' };
  const backups = [
    { ...kept, bytes: 7 },
    { ...going, bytes: 2_000_000 },
  ];
  const leftovers = [{ key: `edms/${ID}`, reason: 'it has no manifest' }];
  expect(plannedLines([{ ...PLANNED, backups, leftovers, stop: 'too many' }])).toEqual([
    'edms in local: 1 of 2 backups would go (2.0 MB)',
    '  nothing goes without --force: too many',
    `  keep   ${ID}  it is pinned`,
    `  remove ${ID}  daily keeps 3 moments, all of them newer`,
    `  remove edms/${ID}  it has no manifest`,
  ]);
});

it('a repository in which nothing can go says why', () => {
  expect(plannedLines([{ ...PLANNED, problem: 'it does not answer' }])).toEqual([
    'edms in local: 0 of 0 backups would go (0 B)',
    '  nothing goes: it does not answer',
  ]);
});

it('what was done is a line for each repository, and what was not says why', () => {
  const stopped: PrunedRepository = {
    ...PRUNED,
    ...{ repository: 'offsite', state: 'stopped', problem: 'too many' },
  };
  expect(prunedLines({ ok: false, repositories: [PRUNED, stopped], omitted: 1 })).toEqual([
    'edms in local: 1 backup and 2 leftovers removed (1.9 MB), 30 kept',
    'edms in offsite: too many',
    'and 1 repository more',
  ]);
});
