import { expect, test } from 'vitest';
import { lengthsOf, type RunPart } from '../../../src/activities/run-lengths.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 4, 5, minute));

const part = (id: string, begun: number, ended: number | undefined, status = 'COMPLETED'): RunPart => ({
  ...{ workflowId: id, startTime: at(begun), status },
  closeTime: ended === undefined ? undefined : at(ended),
});

const MINUTE = 60_000;

test('a run of several parts took as long as all of them', () => {
  const parts = [part('b', 40, 59), part('a', 20, 30), part('a', 0, 20, 'CONTINUED_AS_NEW')];
  expect(lengthsOf(parts)).toEqual([19 * MINUTE, 30 * MINUTE]);
});

test('what failed, was cancelled or is at work says nothing of how long it takes', () => {
  const parts = [
    part('d', 0, undefined, 'RUNNING'),
    part('c', 0, 1, 'FAILED'),
    part('b', 0, 2, 'CANCELED'),
    part('a', 0, 3),
  ];
  expect(lengthsOf(parts)).toEqual([3 * MINUTE]);
});
