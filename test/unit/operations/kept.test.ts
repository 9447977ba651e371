import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runEffect } from '../../../src/domain/effect.js';
import { forgetKept, listKept, readKept, writeKept } from '../../../src/operations/swap/kept.js';
import { sampleKept } from './sample-record.js';

const OLD = '0000000001';
const NEW = '0000000002';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-kept-'));
  await writeKept(
    state,
    sampleKept(state, { operation: NEW, replacedAt: '2026-02-02T00:00:00.000Z' }),
    runEffect,
  );
  await writeKept(
    state,
    sampleKept(state, { operation: OLD, replacedAt: '2026-01-01T00:00:00.000Z' }),
    runEffect,
  );
});
afterEach(() => rm(state, { recursive: true, force: true }));

it('lists what restores replaced, the newest first, each deployment for itself', async () => {
  await writeKept(state, sampleKept(state, { deployment: 'shop' }), runEffect);
  expect((await listKept(state, 'edms')).map(({ operation }) => operation)).toEqual([NEW, OLD]);
  expect(await listKept(state, 'shop')).toEqual([sampleKept(state, { deployment: 'shop' })]);
  expect(await listKept(state, 'unknown')).toEqual([]);
});

it('forgets one of them, and finds it fine that it is forgotten already', async () => {
  for (let times = 0; times < 2; times++)
    await forgetKept(state, { deployment: 'edms', operation: NEW }, runEffect);
  expect((await listKept(state, 'edms')).map(({ operation }) => operation)).toEqual([OLD]);
  expect(await readKept(state, 'edms', NEW)).toBeNull();
});

it('says which file is damaged, and still reads the others one by one', async () => {
  const path = join(state, 'kept', 'edms', `${OLD}.json`);
  await writeFile(path, '{"version": 1');
  await expect(listKept(state, 'edms')).rejects.toMatchObject({
    code: 'STATE_DAMAGED',
    message: expect.stringContaining(path),
  });
  expect(await readKept(state, 'edms', NEW)).toMatchObject({ operation: NEW });
});
