import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../../src/domain/effect.js';
import type { Happening } from '../../../src/domain/events.js';
import { createFence } from '../../../src/operations/agent/fence.js';
import type { Host } from '../../../src/operations/context.js';
import { noteOpenRun, readOpenRuns } from '../../../src/operations/notify/open-runs.js';
import type { RunState } from '../../../src/operations/record.js';
import { type Holder, listOperations, readRecord, takeOperation } from '../../../src/operations/record.js';
import { settleAll } from '../../../src/operations/settle-all.js';
import { settleAlone } from '../../../src/operations/settle-alone.js';
import { createStateFolder } from '../../../src/operations/state-folder.js';
import { listKept, writeKept } from '../../../src/operations/swap/kept.js';
import { sampleKept, sampleRecord } from './sample-record.js';

let folder: string;
let state: string;
let host: Host;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-settle-'));
  state = join(folder, 'state');
  await createStateFolder(state);
  host = { state, instance: '0123456789abcdef', effect: runEffect, fence: createFence() };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settleEverything = async (
  states: (holder: Holder) => RunState = () => 'closed',
  now = new Date('2026-01-12T00:00:00Z'),
): Promise<string[]> => {
  const said: string[] = [];
  await settleAll(host, {
    runState: async (holder) => states(holder),
    say: (line) => said.push(line),
    now: () => now,
  });
  return said;
};

/** A backup that was interrupted after it had stored something. */
const interrupted = async (deployment: string): Promise<string> => {
  const record = sampleRecord(folder, { deployment });
  const place = join(folder, 'backups', deployment, record.backup);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'files.storage.tar.zst'), 'stored');
  await takeOperation(state, record, runEffect);
  return place;
};

describe('settling', () => {
  it('undoes a backup whose run is over', async () => {
    const place = await interrupted('edms');
    expect(await settleEverything()).toEqual(['edms: what 20260111T224748Z-full-3f9a had stored is removed']);
    await expect(readdir(place)).rejects.toThrow('ENOENT');
    expect(await listOperations(state)).toEqual([]);
  });

  it('tells how the run ended that was interrupted, once it is known', async () => {
    const told: Happening[] = [];
    host.tell = async (happening) => {
      told.push(happening);
    };
    await interrupted('undone');
    await writeFile(join(await interrupted('complete'), 'manifest.json'), '{}');
    const { holder } = sampleRecord(folder, { deployment: 'undone' });
    if (holder === null) throw new Error('the record belongs to no run');
    await noteOpenRun(state, { holder, deployment: 'undone', what: 'backup', tier: 'daily' });
    await settleEverything();
    expect(await readOpenRuns(state)).toEqual([]);
    expect(told.map(({ id, kind, deployment, what, cause }) => [id, kind, deployment, what, cause])).toEqual([
      [
        ...['end-run-1', 'succeeded', 'complete', 'backup'],
        'the run was interrupted; backup 20260111T224748Z-full-3f9a is complete',
      ],
      [
        ...['end-run-1', 'failed', 'undone', 'backup'],
        'the run was interrupted; what 20260111T224748Z-full-3f9a had stored is removed',
      ],
    ]);
  });

  it('keeps a backup that is complete, and frees its deployment', async () => {
    const place = await interrupted('edms');
    await writeFile(join(place, 'manifest.json'), '{}');
    expect(await settleEverything()).toEqual(['edms: backup 20260111T224748Z-full-3f9a is complete']);
    expect(await readdir(place)).toHaveLength(2);
    expect(await listOperations(state)).toEqual([]);
  });

  it.each<RunState>(['open', 'unknown'])('touches nothing while a run is %s', async (runState) => {
    const place = await interrupted('edms');
    expect(await settleEverything(() => runState)).toEqual([]);
    expect(await readdir(place)).toHaveLength(1);
    expect(await listOperations(state)).toEqual(['edms']);
  });

  it('says in words what is damaged, leaves it alone, and settles every other deployment', async () => {
    const places = [await interrupted('aaa'), await interrupted('mmm'), await interrupted('zzz')];
    const file = join(state, 'operations', 'mmm.json');
    await writeFile(file, (await readFile(file)).subarray(0, 100));
    const said = await settleEverything();
    expect(said.find((line) => line.startsWith('mmm: not settled'))).toContain(`${file} is damaged`);
    expect(said.find((line) => line.startsWith('mmm: not settled'))).toContain('move it aside');
    expect(said.filter((line) => /^(aaa|zzz): what .* is removed$/.test(line))).toHaveLength(2);
    expect(await readdir(places[1] ?? '')).toHaveLength(1);
    expect(await listOperations(state)).toEqual(['mmm']);
  });

  it('settles the others when one cannot be settled now', async () => {
    await interrupted('edms');
    await interrupted('shop');
    await rm(join(folder, 'backups', 'edms'), { recursive: true });
    await writeFile(join(folder, 'backups', 'edms'), 'a file in the way');
    const said = await settleEverything();
    expect(said.toSorted()).toEqual([
      expect.stringMatching(
        /^edms: not settled, tried again in a minute: repository local .*not a directory/,
      ),
      expect.stringMatching(/^shop: what .* is removed$/),
    ]);
  });

  it('asks for each run, and settles only those that are over', async () => {
    await interrupted('edms');
    await interrupted('shop');
    await settleEverything(({ workflowId }) => (workflowId === 'holdfast.edms.backup' ? 'open' : 'closed'));
    expect(await listOperations(state)).toEqual(['edms']);
  });

  it('never acts on a record that another operation has replaced meanwhile', async () => {
    const stale = sampleRecord(folder);
    const fresh = sampleRecord(folder, { id: 'ffffffffff', backup: '20260112T000000Z-full-0000' });
    await takeOperation(state, fresh, runEffect);
    expect(await settleAlone(stale, host, new AbortController().signal)).toBe('');
    expect(await readRecord(state, 'edms')).toEqual(fresh);
  });

  it('ends an attempt that still runs in this process before it settles', async () => {
    await interrupted('edms');
    const log: string[] = [];
    const attempt = host.fence.attempt(
      { operation: '0123456789', step: 'archive', signal: new AbortController().signal },
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        log.push((await readRecord(state, 'edms')) === null ? 'settled before' : 'still there');
      },
    );
    await settleEverything();
    await attempt;
    expect(log).toEqual(['still there']);
  });
});

describe('what restores replaced', () => {
  const kept = async (change = {}) => {
    const set = sampleKept(folder, change);
    for (const tree of set.trees) await mkdir(join(tree.folder, 'inner'), { recursive: true });
    await writeKept(state, set, runEffect);
  };
  const left = async () => (await readdir(folder)).filter((name) => name.startsWith('.holdfast-'));

  it('is dropped when its time is over, and not before', async () => {
    await kept();
    expect(await settleEverything(undefined, new Date('2026-01-13T22:49:59Z'))).toEqual([]);
    expect(await left()).toHaveLength(1);
    expect(await settleEverything(undefined, new Date('2026-01-13T22:50:00Z'))).toEqual([
      'edms: what the restore of 20260111T224748Z-full-3f9a had replaced is dropped',
    ]);
    expect(await left()).toEqual([]);
    expect(await readdir(join(state, 'kept', 'edms'))).toEqual([]);
    expect(await listOperations(state)).toEqual([]);
  });

  it('waits while its deployment is busy', async () => {
    await kept();
    await interrupted('edms');
    await settleEverything(() => 'open', new Date('2027-01-01T00:00:00Z'));
    expect(await left()).toHaveLength(1);
  });

  it('of one deployment is dropped although another one’s file is damaged, which is said', async () => {
    await kept();
    await mkdir(join(state, 'kept', 'aaa'));
    await writeFile(join(state, 'kept', 'aaa', '0000000001.json'), '{');
    const said = await settleEverything(undefined, new Date('2027-01-01T00:00:00Z'));
    expect(said).toEqual([
      expect.stringMatching(/^aaa: not settled.*0000000001\.json is damaged/),
      expect.stringMatching(/^edms: what the restore of .* had replaced is dropped$/),
    ]);
    expect(await left()).toEqual([]);
  });

  it('is dropped by the next settling when the agent died in the middle of it', async () => {
    await kept();
    await takeOperation(
      state,
      sampleRecord(folder, { kind: 'sweep', holder: null, undoes: 'abcdef0123' }),
      runEffect,
    );
    await settleEverything(() => 'open', new Date('2027-01-01T00:00:00Z'));
    expect(await left()).toEqual([]);
    expect(await listOperations(state)).toEqual([]);
  });

  it('that cannot be dropped now is kept, and blocks nothing', async () => {
    await kept();
    await writeFile(join(folder, 'not-ours'), '');
    const set = sampleKept(folder, {});
    await writeKept(
      state,
      { ...set, trees: [{ tree: 'x', live: '/x', folder: join(folder, 'not-ours') }] },
      runEffect,
    );
    const said = await settleEverything(undefined, new Date('2027-01-01T00:00:00Z'));
    expect(said).toEqual([expect.stringMatching(/^edms: not settled/)]);
    expect(await listKept(state, 'edms')).toHaveLength(1);
    expect(await listOperations(state)).toEqual([]);
  });
});
