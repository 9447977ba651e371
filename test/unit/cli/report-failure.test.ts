import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../src/cli/render/paint.js';
import { failureLines } from '../../../src/cli/report-failure.js';
import { Failure } from '../../../src/domain/failure.js';

describe('a failure', () => {
  it('is told as error, evidence and hint', () => {
    const failure = new Failure('TOOL_FAILED', 'pg_dump exited with 3', { evidence: 'line 1\n\nline 2\n' });
    expect(failureLines(failure, createPaint(false))).toEqual([
      'error: pg_dump exited with 3',
      '    line 1',
      '    line 2',
      'hint: read the program’s last words above',
    ]);
  });

  it('keeps to the last lines of what a program said, so that the sentence stays in sight', () => {
    const said = (lines: number) => {
      const evidence = Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join('\n');
      return failureLines(new Failure('DISK_FULL', 'full', { evidence }), createPaint(false)).slice(1, -1);
    };
    expect(said(13)).toHaveLength(13);
    expect(said(70)).toEqual([
      '    … 58 lines before these; --json has them',
      ...Array.from({ length: 12 }, (_, index) => `    line ${index + 59}`),
    ]);
  });

  it('paints only the two words that start its lines', () => {
    expect(failureLines(new Failure('BUSY', 'busy', { hint: 'wait' }), createPaint(true))).toEqual([
      '\x1b[31merror:\x1b[39m busy',
      '\x1b[33mhint:\x1b[39m wait',
    ]);
  });
});
