import { describe, expect, it } from 'vitest';
import { type LiveState, liveLines } from '../../../src/cli/render/live.js';
import { addSamples } from '../../../src/cli/render/rates.js';
import { pendingWith, viewWith } from './sample-run.js';

const database = { source: 'database.main', bytes: 412_000_000, expected: 1_900_000_000 };
const files = { source: 'files.storage', bytes: 1_200_000, expected: 0 };
const view = viewWith(
  {
    steps: [
      { name: 'plan', state: 'done', detail: '' },
      { name: 'dump databases', state: 'running', detail: '' },
      { name: 'archive files', state: 'running', detail: 'storage' },
    ],
  },
  [pendingWith({ transfer: database }), pendingWith({ id: '2', transfer: files })],
);
const earlier = addSamples(new Map(), [{ ...database, bytes: 219_200_000 }], 0);
const state: LiveState = {
  view,
  samples: addSamples(earlier, [database, files], 2000),
  silent: false,
  elapsedMs: 4200,
  cancelling: false,
  width: 80,
};

describe('live lines', () => {
  it('name the running steps, and bytes, share and rate of what they move', () => {
    expect(liveLines(state)).toEqual([
      '  dump databases',
      '  archive files: storage',
      '    database.main   412 MB of 1.9 GB   21 %   96.4 MB/s',
      '    files.storage   1.2 MB',
      '  4.2 s · Ctrl-C cancels',
    ]);
  });

  it('say what a step that moves no bytes has seen last', () => {
    const health = { source: 'health', bytes: 0, expected: 0, words: 'web answered 503 instead of 200' };
    const steps = [{ name: 'health', state: 'running', detail: '' }] as const;
    const waiting = viewWith({ steps: [...steps] }, [pendingWith({ transfer: health })]);
    expect(liveLines({ ...state, view: waiting, samples: new Map() }).slice(0, 2)).toEqual([
      '  health',
      '    health   web answered 503 instead of 200',
    ]);
  });

  it('never claim more than 99 % while a step still runs', () => {
    const beyond = { ...database, bytes: 2_000_000_000 };
    const lines = liveLines({ ...state, view: viewWith({}, [pendingWith({ transfer: beyond })]) });
    expect(lines[0]).toContain('99 %');
  });

  it('are never wider than the terminal', () => {
    expect(Math.max(...liveLines({ ...state, width: 20 }).map((line) => line.length))).toBe(19);
  });

  it.each([
    [{ silent: true }, '  4.2 s · waiting for the agent to answer'],
    [{ cancelling: true }, '  4.2 s · cancelling: what was begun is undone'],
    [{ view: viewWith({ phase: 'rolling back' }) }, '  4.2 s · rolling back'],
  ])('say what is going on: %#', (changed, last) => {
    expect(liveLines({ ...state, ...changed }).at(-1)).toBe(last);
  });
});
