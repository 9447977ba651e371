import { expect, test } from 'vitest';
import { outcomeOf } from '../../../src/domain/run-outcome.js';

const copied = (repository: string, state: string, missing = 0) => ({
  ...{ repository, state, copied: 1, bytes: 1, missing, problem: missing === 0 ? '' : 'it is full' },
});
const pruned = (repository: string, state: string, problem = '') => ({
  ...{ deployment: 'edms', repository, state, removed: 0, bytes: 0, kept: 1, leftovers: 0 },
  ...{ problem, hint: '' },
});

test('what went well comes to nothing, and so does a result that is none', () => {
  const well = [
    { deployment: 'edms', copies: [copied('offsite', 'complete')] },
    {
      ok: true,
      repositories: [pruned('local', 'pruned'), pruned('offsite', 'not ours', 'another host’s')],
      omitted: 0,
    },
    { ok: true, copies: 3, bytes: 1, problems: 0, repaired: 1, lines: ['one: repaired'], omitted: 0 },
    { deployment: 'edms', backup: 'one', copies: [{ repository: 'offsite', state: 'being copied' }] },
    ...[undefined, null, 'done'],
  ];
  expect(well.map(outcomeOf)).toEqual(well.map(() => ''));
});

test('copies that are missing are named with the repository and why', () => {
  const copies = [copied('usb', 'complete'), copied('offsite', 'incomplete', 2)];
  expect(outcomeOf({ deployment: 'edms', copies })).toBe('offsite: it is full; 2 not copied');
});

test('a repository that was not pruned is named; where the list has no room for it the run’s page is', () => {
  const stopped = pruned('local', 'stopped', '20 of 30 would go');
  expect(outcomeOf({ ok: false, repositories: [pruned('usb', 'pruned'), stopped], omitted: 0 })).toBe(
    'local: 20 of 30 would go',
  );
  expect(outcomeOf({ ok: false, repositories: [pruned('usb', 'pruned')], omitted: 1 })).toBe(
    'it is not as wanted: the run’s own page says what',
  );
});

test('of what a verification found the first three are said', () => {
  const found = {
    ok: false,
    copies: 9,
    bytes: 1,
    problems: 5,
    repaired: 0,
    lines: ['a', 'b', 'c', 'd'],
    omitted: 1,
  };
  expect(outcomeOf(found)).toBe('5 found; a; b; c');
});
