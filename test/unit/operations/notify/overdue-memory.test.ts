import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { TierSuccess } from '../../../../src/domain/overdue.js';
import { recall, remember } from '../../../../src/operations/notify/overdue-memory.js';
import { routine, tier } from '../../../support/routines.js';

const now = new Date('2026-03-20T12:00:00Z');

const success = (name: string, hoursAgo: number): TierSuccess => {
  const at = new Date(now.getTime() - hoursAgo * 3_600_000).toISOString();
  return { tier: name, scheduledFor: at, finishedAt: at };
};

it('many backups of one tier do not make another one forgotten, and what is remembered stays small', async () => {
  const state = await mkdtemp(join(tmpdir(), 'holdfast-overdue-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const asked = { routine: routine([tier('hourly', '0 * * * *'), tier('weekly', '0 3 * * 0')]), now };
  const hourly = Array.from({ length: 500 }, (_, hour) => success('hourly', hour));
  const weekly = success('weekly', 500);
  const memory = await recall(state, 'edms', asked);
  await remember(state, 'edms', { memory, successes: [...hourly, weekly] });
  const { successes } = await recall(state, 'edms', asked);
  expect(successes).toContainEqual(weekly);
  expect(successes[0]).toEqual(hourly[0]);
  expect(successes.length).toBeLessThan(50);
});
