import { describe, expect, it } from 'vitest';
import { backupLine, restoreLines, undoLines } from '../../../src/cli/render/outcome.js';
import type { RestoreResult } from '../../../src/domain/progress.js';

describe('the last words about a run', () => {
  it('tell size, gap and duration of a backup', () => {
    const result = {
      deployment: 'edms',
      backup: 'x',
      bytes: 1.9e9,
      artifacts: 3,
      gapMs: 350,
      durationMs: 12_400,
      copies: [],
    };
    expect(backupLine(result)).toBe('1.9 GB in 3 artifacts, gap 350 ms, took 12.4 s');
    expect(backupLine({ ...result, artifacts: 1, gapMs: 0 })).toBe('1.9 GB in 1 artifact, took 12.4 s');
  });

  it('tell how long a restore closed the application, and how to take it back', () => {
    const result: RestoreResult = {
      deployment: 'edms',
      backup: '20260111T224748Z-full-3f9a',
      outcome: 'restored',
      downtimeMs: 210,
      durationMs: 61_000,
      databases: ['main'],
      trees: ['storage'],
      unsigned: '',
      elsewhere: [],
      health: 'not checked',
      leftStopped: [],
      safety: '',
      previousUntil: '2026-01-13T22:47:48Z',
    };
    expect(restoreLines(result)).toEqual([
      'restored edms from 20260111T224748Z-full-3f9a: database main, files storage',
      'down for 210 ms, took 1 m 01 s',
      'what was replaced is kept until 2026-01-13 22:47:48 UTC: holdfast undo edms',
    ]);
    expect(restoreLines({ ...result, previousUntil: '' })).toHaveLength(2);
    expect(restoreLines({ ...result, health: 'healthy', leftStopped: ['compose edms/web'] })).toEqual([
      'restored edms from 20260111T224748Z-full-3f9a: database main, files storage',
      'swapped after 210 ms, took 1 m 01 s',
      'stopped, as asked: compose edms/web',
      'healthy',
      'what was replaced is kept until 2026-01-13 22:47:48 UTC: holdfast undo edms',
    ]);
    const inPlace = { ...result, safety: '20260112T075900Z-database-5afe', previousUntil: '' };
    expect(restoreLines(inPlace)[1]).toBe(
      'what was replaced is in the safety backup 20260112T075900Z-database-5afe: holdfast restore edms 20260112T075900Z-database-5afe --in-place',
    );
    expect(undoLines(result)[0]).toBe(
      'undone: edms holds again what the last restore had replaced: database main, files storage',
    );
  });
});
