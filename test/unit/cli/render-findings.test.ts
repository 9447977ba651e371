import { expect, it } from 'vitest';
import { createPaint } from '../../../src/cli/paint.js';
import { findingsLines } from '../../../src/cli/render-findings.js';

it('findings are grouped by area, each with its hint', () => {
  const lines = findingsLines(
    {
      deployment: 'edms',
      ok: false,
      findings: [
        { area: 'STORAGE', ok: false, message: 'local cannot be written', hint: 'mount it' },
        { area: 'DATABASE', ok: true, message: 'main answers', hint: '' },
      ],
    },
    createPaint(false),
  );
  expect(lines).toEqual([
    'edms: not ready',
    '  DATABASE',
    '    ok   main answers',
    '  STORAGE',
    '    bad  local cannot be written',
    '         hint: mount it',
  ]);
});
