import { expect, it } from 'vitest';
import { findingsLines } from '../../../src/cli/render/findings.js';
import { createPaint } from '../../../src/cli/render/paint.js';

it('findings are grouped by area, each with its hint', () => {
  const lines = findingsLines(
    {
      deployment: 'edms',
      ok: false,
      findings: [
        { area: 'SECURITY', level: 'warning', message: 'backups are not encrypted', hint: '' },
        { area: 'STORAGE', level: 'problem', message: 'local cannot be written', hint: 'mount it' },
        { area: 'DATABASE', level: 'ok', message: 'main answers', hint: '' },
      ],
    },
    createPaint(false),
  );
  expect(lines).toEqual([
    'edms: not ready, 1 problem, 1 warning',
    '  DATABASE',
    '    ok       main answers',
    '  STORAGE',
    '    problem  local cannot be written',
    '             hint: mount it',
    '  SECURITY',
    '    warning  backups are not encrypted',
  ]);
});

it('warnings alone leave a deployment ready', () => {
  const findings = [{ area: 'SECURITY', level: 'warning', message: 'a warning', hint: '' }] as const;
  const [heading] = findingsLines(
    { deployment: 'edms', ok: true, findings: [...findings] },
    createPaint(false),
  );
  expect(heading).toBe('edms: ready, 1 warning');
});
