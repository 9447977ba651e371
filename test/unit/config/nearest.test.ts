import { expect, test } from 'vitest';
import { nearest, suggestion } from '../../../src/config/nearest.js';

const KEYS = ['database', 'databases', 'files', 'repositories', 'keepPrevious'];

test.each([
  ['databse', 'database'],
  ['dtaabase', 'database'],
  ['file', 'files'],
  ['keep_previous', 'keepPrevious'],
  ['KEEPPREVIOUS', 'keepPrevious'],
  ['repository', 'repositories'],
])('%s was meant to be %s', (typed, meant) => {
  expect(nearest(typed, KEYS)).toBe(meant);
});

test.each(['', 'x', 'schedule', 'constructor'])('%j is close to nothing', (typed) => {
  expect(nearest(typed, KEYS)).toBeUndefined();
});

test('what is close to nothing is answered by what there is', () => {
  expect(suggestion('zebra', ['edms', 'wiki'], 'deployments')).toBe('; known deployments: edms, wiki');
});
