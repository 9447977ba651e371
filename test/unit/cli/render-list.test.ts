import { expect, it } from 'vitest';
import type { CatalogEntry } from '../../../src/catalog/catalog.js';
import { summaryOf } from '../../../src/catalog/summary.js';
import { backupFacts, listedFacts } from '../../../src/cli/render/backup-facts.js';
import { listLines } from '../../../src/cli/render/list.js';
import { sampleManifest } from './sample-manifest.js';

const good: CatalogEntry = {
  deployment: 'edms',
  id: sampleManifest.id,
  summary: summaryOf(sampleManifest),
  problem: '',
  repositories: ['local', 'offsite'],
  damaged: [],
  unknown: [],
  bytes: 2_000_500,
};
const bad: CatalogEntry = {
  deployment: 'edms',
  id: '20260110T010000Z-database-0001',
  summary: null,
  problem: 'its manifest is cut',
  repositories: ['local'],
  damaged: [{ repository: 'local', problem: 'its manifest is cut' }],
  unknown: [],
  bytes: 0,
};

it('list shows the counts of a backup, and the problem of one that cannot be read', () => {
  const lines = listLines(
    [good, bad].map((entry) => listedFacts(entry)),
    new Date('2026-01-12T01:48:00Z'),
  );
  expect(lines).toEqual([
    'DEPLOYMENT   BACKUP                           AGE   TYPE         SIZE     ROWS   TABLES   FILES   REPOSITORIES     PROBLEM',
    'edms         20260111T224748Z-full-3f9a       3 h   full       2.0 MB   41,203        2   3,120   local, offsite',
    'edms         20260110T010000Z-database-0001   2 d   database                                      local            its manifest is cut',
  ]);
});

it('list says how a backup was proved, and how long ago', () => {
  const proved = { how: 'decoded' as const, at: '2026-01-11T23:48:00.000Z', by: 'verify' as const };
  const [title, line] = listLines([listedFacts({ ...good, proved })], new Date('2026-01-12T01:48:00Z'));
  expect(title).toContain('FILES   PROVED            REPOSITORIES');
  expect(line).toContain('3,120   decoded 2 h ago   local, offsite');
});

it('an unreadable backup’s facts are null, not zero', () => {
  expect(listedFacts(bad)).toMatchObject({ rows: null, files: null, at: '2026-01-10T01:00:00.000Z' });
});

it('a backup’s facts count rows and say null where raw bytes are not known', () => {
  expect(backupFacts(sampleManifest)).toMatchObject({
    backup: sampleManifest.id,
    bytes: 2_000_500,
    rawBytes: null,
    databases: [{ name: 'main', rows: 41_203, tables: 2 }],
    trees: [{ name: 'storage', files: 3120 }],
    gapMs: 1200,
    durationMs: 12_400,
  });
});

it('list leaves the counts of what a backup does not contain empty', () => {
  const summary = summaryOf({ ...sampleManifest, databases: [] });
  const [, line] = listLines([listedFacts({ ...good, summary })], new Date('2026-01-12T01:48:00Z'));
  expect(line).toBe('edms         20260111T224748Z-full-3f9a   3 h   full   2.0 MB   3,120   local, offsite');
});

it('list names the repository where only one copy’s manifest cannot be read', () => {
  const damaged = [{ repository: 'usb', problem: 'its manifest is cut' }];
  const [, line] = listLines([listedFacts({ ...good, damaged })], new Date('2026-01-12T01:48:00Z'));
  expect(line).toMatch(/local, offsite {3}usb: its manifest is cut$/);
});
