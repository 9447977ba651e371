import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../../src/domain/effect.js';
import {
  heldOperation,
  listOperations,
  readRecord,
  releaseOperation,
  takeOperation,
  writeRecord,
} from '../../../src/operations/record.js';
import { killedEverywhere } from '../../support/killed-effect.js';
import { fullRecord, sampleRecord } from './sample-record.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-record-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const file = (deployment = 'edms') => join(state, 'operations', `${deployment}.json`);
const take = (change = {}) => takeOperation(state, sampleRecord(state, change), runEffect);

describe('taking the operation', () => {
  it('gives it to the first, and refuses others with the run that has it', async () => {
    await take();
    await expect(take({ id: 'ffffffffff', kind: 'restore' })).rejects.toMatchObject({
      code: 'BUSY',
      message: 'a backup of edms is in progress (holdfast.edms.backup)',
      hint: 'wait for it: holdfast watch holdfast.edms.backup',
    });
    expect(await readRecord(state, 'edms')).toEqual(sampleRecord(state));
  });

  it('names the agent where no run has it', async () => {
    await take({ kind: 'sweep', holder: null });
    await expect(take({ id: 'ffffffffff' })).rejects.toMatchObject({
      message: 'a sweep of edms is in progress (the agent)',
      hint: 'try again in a minute',
    });
  });

  it('finds it fine that the same one has it already, and does not set its record back', async () => {
    await take();
    await writeRecord(state, sampleRecord(state, { direction: 'back' }), runEffect);
    await take();
    expect(await readRecord(state, 'edms')).toMatchObject({ direction: 'back' });
  });

  it('gives it to exactly one of many that ask at once', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `000000000${index}`);
    const outcomes = await Promise.allSettled(ids.map((id) => take({ id })));
    const winners = ids.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await readRecord(state, 'edms')).toMatchObject({ id: winners[0] });
  });

  it('keeps deployments apart', async () => {
    await take();
    await take({ deployment: 'shop', id: 'ffffffffff' });
    expect((await listOperations(state)).toSorted()).toEqual(['edms', 'shop']);
    await releaseOperation(state, 'edms', runEffect);
    expect(await listOperations(state)).toEqual(['shop']);
    await take({ id: 'eeeeeeeeee' });
  });

  it('is whole or not at all when the agent is killed before or after any effect', async () => {
    await killedEverywhere(async (_point, kill) => {
      await kill((effect) => takeOperation(state, sampleRecord(state), effect));
      expect([null, '0123456789']).toContain((await readRecord(state, 'edms'))?.id ?? null);
      await take();
      await releaseOperation(state, 'edms', runEffect);
    });
  });
});

describe('holding the operation', () => {
  const held = (change = {}) =>
    heldOperation(state, {
      deployment: 'edms',
      operation: '0123456789',
      instance: '0123456789abcdef',
      ...change,
    });

  it('gives the record to who has it', async () => {
    await take();
    expect(await held()).toEqual(sampleRecord(state));
  });

  it.each([
    ['another operation', { operation: 'ffffffffff' }],
    ['another instance', { instance: 'ffffffffffffffff' }],
    ['a deployment that is free', { deployment: 'shop' }],
  ])('refuses %s', async (_, change) => {
    await take();
    await expect(held(change)).rejects.toMatchObject({ code: 'OPERATION_LOST', retryable: false });
  });

  it('refuses every step forward once it is rolled back', async () => {
    await take({ direction: 'back' });
    await expect(held()).rejects.toMatchObject({
      code: 'OPERATION_LOST',
      message: expect.stringContaining('rolled back'),
    });
  });
});

describe('a record', () => {
  const put = async (text: string) => {
    await mkdir(join(state, 'operations'), { recursive: true });
    await writeFile(file(), text);
  };

  it('comes back as it was written, with everything that it can hold', async () => {
    await takeOperation(state, fullRecord(state), runEffect);
    expect(await readRecord(state, 'edms')).toEqual(fullRecord(state));
  });

  it('keeps what a later patch of holdfast may have added to it', async () => {
    await put(JSON.stringify({ ...sampleRecord(state), later: 1 }));
    expect(await readRecord(state, 'edms')).toMatchObject({ later: 1 });
  });

  it('is refused wherever it is cut, with its path and the next step', async () => {
    await takeOperation(state, fullRecord(state), runEffect);
    const whole = await readFile(file(), 'utf8');
    for (let length = 0; length < whole.length - 2; length += 11) {
      await put(whole.slice(0, length));
      await expect(readRecord(state, 'edms')).rejects.toMatchObject({
        code: 'STATE_DAMAGED',
        retryable: false,
        message: expect.stringContaining(file()),
        hint: expect.stringContaining('move it aside'),
      });
    }
  });

  it.each<[string, object, string]>([
    ['a path that is not absolute', { sideFolders: [{ tree: 'storage', path: 'relative' }] }, 'sideFolders'],
    ['an id that is none', { id: '../../etc' }, 'id'],
    ['a later version', { version: 2 }, 'version'],
    ['no settings', { settings: undefined }, 'settings'],
    ['a swap without its databases', { swap: { trees: [], closedAt: '' } }, 'swap.databases'],
    ['another deployment', { deployment: 'shop' }, 'belongs to shop'],
  ])('is refused with %s', async (_, change, problem) => {
    await put(JSON.stringify({ ...sampleRecord(state), ...change }));
    await expect(readRecord(state, 'edms')).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining(problem),
    });
  });

  it('keeps its deployment busy while it is damaged', async () => {
    await put('{');
    await expect(take()).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
    expect(await readFile(file(), 'utf8')).toBe('{');
  });
});
