import { expect, it } from 'vitest';
import { backupDrillLine, drillLines, drillNotes } from '../../../src/cli/render/drill.js';
import type { DrillResult } from '../../../src/domain/drills.js';

const RESULT: DrillResult = {
  deployment: 'edms',
  backup: '20260111T224748Z-full-3f9a',
  outcome: 'restored',
  repository: 'local',
  databases: ['main'],
  trees: ['storage', 'media'],
  tables: 41,
  rows: 1_234_567,
  objects: 312,
  files: 1,
  assertions: 2,
  rawBytes: 4.1e9,
  recoveryMs: 35_200,
  durationMs: 51_000,
  opened: '',
  notes: ['owners and rights were not restored'],
  elsewhere: [],
};

it('a drill ends with what was compared, and how long a recovery takes', () => {
  expect(drillLines(RESULT)).toEqual([
    'restored 20260111T224748Z-full-3f9a of edms, and it is what was backed up',
    'COMPARED                     AS IN THE BACKUP',
    'database main                41 tables, 1,234,567 rows, 312 objects of its dump',
    'files storage, files media   1 file, every byte',
    'assertions                   2 assertions held',
    'recovery time 35.2 s: 4.1 GB at 116 MB/s',
  ]);
  expect(drillNotes(RESULT)).toEqual([
    'from repository local, not encrypted',
    'owners and rights were not restored',
  ]);
  expect(drillNotes({ ...RESULT, opened: 'age1ql3z…n8nz9p' })[0]).toBe(
    'from repository local, encrypted to age1ql3z…n8nz9p',
  );
});

it('what was not in the backup is not in the table', () => {
  expect(drillLines({ ...RESULT, databases: [], assertions: 0 }).slice(1, -1)).toEqual([
    'COMPARED                     AS IN THE BACKUP',
    'files storage, files media   1 file, every byte',
  ]);
});

it('a backup that was drilled says it in one line', () => {
  expect(backupDrillLine({ outcome: 'restored', recoveryMs: 350, rawBytes: 812_000 })).toBe(
    'restored and compared: recovery time 350 ms: 812 kB at 2.3 MB/s',
  );
});
