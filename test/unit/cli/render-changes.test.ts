import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../src/cli/render/changes.js';
import type { RunView } from '../../../src/cli/run-view.js';
import { Failure } from '../../../src/domain/failure.js';
import { pendingWith, viewWith } from './sample-run.js';

const now = new Date('2026-01-11T22:47:48Z');
const textsBetween = (before: RunView | null, after: RunView) =>
  changesBetween(before, after, now).map(({ text }) => text);

describe('changes between two looks', () => {
  const running = { name: 'dump databases', state: 'running', detail: '' } as const;
  const done = { ...running, state: 'done', detail: '1.9 GB' } as const;
  const failed = { name: 'archive files', state: 'failed', detail: 'no space left' } as const;

  it('are one line for each step that began, ended or failed', () => {
    expect(textsBetween(null, viewWith({ steps: [running] }))).toEqual(['dump databases …']);
    expect(textsBetween(viewWith({ steps: [running] }), viewWith({ steps: [done, failed] }))).toEqual([
      'dump databases: 1.9 GB',
      'archive files failed: no space left',
    ]);
  });

  it('are none when nothing changed', () => {
    expect(textsBetween(viewWith({ steps: [done] }), viewWith({ steps: [done] }))).toEqual([]);
  });

  it('tell a roll-back once', () => {
    const back = viewWith({ phase: 'rolling back' });
    expect(textsBetween(viewWith({}), back)).toEqual(['rolling back: what was begun is undone']);
    expect(textsBetween(back, back)).toEqual([]);
  });
});

it('what a waiting step has seen last is a line each time that it changes', () => {
  const seeing = (words: string) =>
    viewWith({}, [pendingWith({ transfer: { source: 'health', bytes: 0, expected: 0, words } })]);
  const refused = seeing('127.0.0.1:8000 refused the connection');
  expect(changesBetween(viewWith({}), refused, now)).toEqual([
    { kind: 'begun', text: 'health: 127.0.0.1:8000 refused the connection' },
  ]);
  expect(textsBetween(refused, refused)).toEqual([]);
  expect(textsBetween(refused, seeing('web answered 503 instead of 200'))).toEqual([
    'health: web answered 503 instead of 200',
  ]);
});

describe('a failed attempt', () => {
  const failure = new Failure('DATABASE_UNREACHABLE', 'no server at localhost:5432');
  const retrying = (attempt: number, told = failure) =>
    viewWith({}, [pendingWith({ attempt, failure: told, retryAt: new Date('2026-01-11T22:47:57.200Z') })]);

  it('is told at once, with the next step and when it is tried again', () => {
    expect(textsBetween(viewWith({}), retrying(2))).toEqual([
      'dump databases: no server at localhost:5432',
      '  hint: check that the server runs and that host and port are right',
      '  again in 10 s; Ctrl-C stops',
    ]);
  });

  it('is called as its step is', () => {
    const staging = viewWith({}, [pendingWith({ activity: 'stageTrees', attempt: 2, failure })]);
    expect(textsBetween(viewWith({}), staging)[0]).toBe('stage files: no server at localhost:5432');
  });

  it('of an agent that was restarted asks nobody to start one', () => {
    const gone = new Failure('NO_AGENT', 'the agent was stopped during this step');
    expect(textsBetween(viewWith({}), retrying(2, gone))).toEqual([
      'dump databases: the agent was stopped during this step',
      '  again in 10 s; Ctrl-C stops',
    ]);
  });

  it('is not told again while the reason stays the same', () => {
    expect(textsBetween(retrying(2), retrying(3))).toEqual([]);
  });

  it('is told again when the reason is another one', () => {
    const other = new Failure('DATABASE_CREDENTIALS', 'wrong password');
    expect(textsBetween(retrying(2), retrying(3, other))[0]).toBe('dump databases: wrong password');
  });
});
