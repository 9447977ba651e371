// A restore of files that are only put beside, whose agent died: it goes on where all was staged, and back where not.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runEffect } from '../../../src/domain/effect.js';
import { createFence } from '../../../src/operations/agent/fence.js';
import type { Host } from '../../../src/operations/context.js';
import { type OperationRecord, readRecord, takeOperation } from '../../../src/operations/record.js';
import { settle } from '../../../src/operations/settle.js';
import { createStateFolder } from '../../../src/operations/state-folder.js';
import { sampleRecord } from './sample-record.js';

let folder: string;
let host: Host;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-aside-'));
  const state = join(folder, 'state');
  await createStateFolder(state);
  host = { state, instance: '0123456789abcdef', effect: runEffect, fence: createFence() };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Staged, and written down. */
const interrupted = async (swap: OperationRecord['swap']): Promise<OperationRecord> => {
  const from = join(folder, '.holdfast-0123456789-project-new');
  const record = sampleRecord(folder, {
    kind: 'restore',
    sideFolders: [{ tree: 'project', path: from }],
    aside: [{ tree: 'project', from, to: join(folder, 'restored-20260111T224748Z-full-3f9a') }],
    swap,
  });
  await mkdir(from);
  await writeFile(join(from, '.env'), 'stored');
  await takeOperation(host.state, record, host.effect);
  return record;
};

it('what was staged gets the name under which it stays', async () => {
  const record = await interrupted({ databases: [], trees: [], closedAt: '2026-01-11T22:50:00.000Z' });
  expect(await settle(record, host)).toContain('is finished');
  expect(await readdir(join(folder, 'restored-20260111T224748Z-full-3f9a'))).toEqual(['.env']);
  expect(await readRecord(host.state, 'edms')).toBeNull();
});

it('what was not staged to its end is removed', async () => {
  const record = await interrupted(null);
  expect(await settle(record, host)).toContain('what was staged is removed');
  expect(await readdir(folder)).toEqual(['state']);
  expect(await readRecord(host.state, 'edms')).toBeNull();
});
