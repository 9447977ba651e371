// Copies between two folders: whole or not there, and nothing that has arrived is sent again.
import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RepositorySettings } from '../../src/config/config.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { type Copying, copyBackup } from '../../src/operations/copies/copy-backup.js';
import {
  dropStaleLeases,
  forgetOldCopies,
  journalOf,
  readLeases,
  takeLease,
} from '../../src/operations/copies/copy-lease.js';
import { missingCopies } from '../../src/operations/copies/missing-copies.js';
import { repairCopy } from '../../src/operations/copies/repair-copy.js';
import { verifyCopy } from '../../src/operations/copies/verify-copy.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { startFixture } from '../support/node-process.js';
import { ID, places, storeBackup, TRUST } from '../support/stored-backup.js';

const copying = (state: string, given: Partial<Copying> = {}): Copying => ({
  host: { state, effect: runEffect },
  signal: new AbortController().signal,
  stallTimeoutMs: 0,
  report: () => undefined,
  ...given,
});

const what = (from: RepositorySettings[], to: RepositorySettings) => ({
  ...{ deployment: 'edms', backup: ID, trust: TRUST },
  ...{ from, to },
});

const contents = async (path: string) => {
  const folder = join(path, 'edms', ID);
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'hex')]));
};

const looking = { signal: new AbortController().signal, report: () => undefined };
const verified = async (settings: RepositorySettings) =>
  (
    await verifyCopy(
      settings,
      { deployment: 'edms', backup: ID, trust: TRUST },
      { attempt: looking, bytesPerSecond: null },
    )
  ).problems.map(({ words }) => words);

it('a copy is what the other repository holds, byte by byte, and nothing is left in the state folder', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [3_000_000, 0, 17]);
  expect(await copyBackup(what([local], offsite), copying(state))).toBe(3_000_017);
  expect(await contents(offsite.path)).toEqual(await contents(local.path));
  expect(await copyBackup(what([local], offsite), copying(state))).toBe(0);
  expect(await readLeases(state, 'edms')).toEqual([]);
  expect(await missingCopies('edms', { from: [local], to: offsite })).toEqual([]);
});

it('killed before or after any effect, no backup is there or a whole one, and the next attempt completes it', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [200_000, 5]);
  const points = await killedEverywhere(async (_point, kill) => {
    await kill((effect) => copyBackup(what([local], offsite), copying(state, { host: { state, effect } })));
    const names: string[] = await readdir(join(offsite.path, 'edms', ID)).catch(() => []);
    if (names.includes('manifest.json')) expect(await verified(offsite)).toEqual([]);
    await copyBackup(what([local], offsite), copying(state));
    expect(await contents(offsite.path)).toEqual(await contents(local.path));
    expect(await readLeases(state, 'edms')).toEqual([]);
    await rm(offsite.path, { recursive: true });
  });
  expect(points).toBeGreaterThanOrEqual(20);
});

it('after a kill -9 at half, less than 60 % of the bytes are sent again, and the backup was leased meanwhile', async () => {
  const { state, local, offsite } = await places();
  const whole = 64 << 20;
  await storeBackup(local, [whole]);
  const agent = startFixture('programs/copying-agent/agent.ts', [
    JSON.stringify(what([local], offsite)),
    ...[state, String(whole / 2)],
  ]);
  expect(await agent.ended).toBe('SIGKILL');
  expect(await readLeases(state, 'edms')).toMatchObject([{ backup: ID, to: 'offsite', from: ['local'] }]);
  const arrived: number[] = [];
  await copyBackup(what([local], offsite), copying(state, { report: ({ bytes }) => arrived.push(bytes) }));
  const sentAgain = whole - (arrived[0] ?? 0);
  expect(arrived.at(-1)).toBe(whole);
  expect(sentAgain).toBeLessThan(0.6 * whole);
  expect(await verified(offsite)).toEqual([]);
});

it('an artifact that is damaged in the first repository comes from the next one', async () => {
  const { state, local, offsite, usb } = await places();
  await storeBackup(local, [1000, 2000]);
  await copyBackup(what([local], usb), copying(state));
  await writeFile(join(local.path, 'edms', ID, 'files.tree0.tar.zst'), 'x'.repeat(1000));
  await copyBackup(what([local, usb], offsite), copying(state));
  expect(await contents(offsite.path)).toEqual(await contents(usb.path));
});

it('one that is damaged everywhere is not copied: there is no manifest and no lease', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  await writeFile(join(local.path, 'edms', ID, 'files.tree0.tar.zst'), 'x'.repeat(1000));
  await expect(copyBackup(what([local], offsite), copying(state))).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
  });
  expect(await readdir(join(offsite.path, 'edms', ID))).toEqual([]);
  expect(await readLeases(state, 'edms')).toEqual([]);
});

it('a repository that is not there leaves the others to be read; where all are gone, the failure says so', async () => {
  const { folder, state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  const gone = { kind: 'local' as const, name: 'gone', path: join(folder, 'file', 'x') };
  await writeFile(join(folder, 'file'), '');
  expect(await missingCopies('edms', { from: [gone, local], to: offsite })).toEqual([ID]);
  expect(await copyBackup(what([gone, local], offsite), copying(state))).toBe(1000);
  await expect(missingCopies('edms', { from: [gone], to: offsite })).rejects.toMatchObject({
    code: 'REPOSITORY_UNREACHABLE',
  });
});

it('what lacks its manifest, an artifact or a part of one is missing; a backup that nobody has now is not', async () => {
  const { state, local, offsite } = await places();
  const others = ['20260110T224748Z-full-0001', '20260109T224748Z-full-0002'];
  for (const id of [ID, ...others]) {
    await storeBackup(local, [1000], id);
    await copyBackup({ ...what([local], offsite), backup: id }, copying(state));
  }
  await rm(join(offsite.path, 'edms', ID, 'manifest.json'));
  await rm(join(offsite.path, 'edms', others[0] ?? '', 'files.tree0.tar.zst'));
  await truncate(join(offsite.path, 'edms', others[1] ?? '', 'files.tree0.tar.zst'), 10);
  expect(await missingCopies('edms', { from: [local], to: offsite })).toEqual([ID, ...others]);
  expect(
    await copyBackup({ ...what([local], offsite), backup: '20250101T000000Z-full-0000' }, copying(state)),
  ).toBeNull();
});

it('verify names what is missing, cut or changed, and repair takes it from a good copy', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000, 2000, 3000]);
  await copyBackup(what([local], offsite), copying(state));
  const folder = join(offsite.path, 'edms', ID);
  await rm(join(folder, 'files.tree0.tar.zst'));
  await truncate(join(folder, 'files.tree1.tar.zst'), 10);
  await writeFile(join(folder, 'files.tree2.tar.zst'), 'x'.repeat(3000));
  expect(await verified(offsite)).toEqual([
    'files.tree0.tar.zst is missing',
    'files.tree1.tar.zst has 10 bytes instead of 2000',
    'files.tree2.tar.zst is damaged: its SHA-256 is another one',
  ]);
  const look = { attempt: looking, bytesPerSecond: null };
  const found = await verifyCopy(offsite, { deployment: 'edms', backup: ID, trust: TRUST }, look);
  await repairCopy(what([local], offsite), found, copying(state));
  expect(await verified(offsite)).toEqual([]);
  expect(await contents(offsite.path)).toEqual(await contents(local.path));
});

it.each([
  ['manifest.json', '{'],
  ['manifest.json', null],
  ['manifest.sig', '{'],
  ['manifest.sig', null],
  ['RESTORE.md', 'rm -rf /'],
  ['holdfast.yaml', null],
])('a %s that is %j is found and repaired too', async (name, text) => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  await copyBackup(what([local], offsite), copying(state));
  const file = join(offsite.path, 'edms', ID, name);
  if (text === null) await rm(file);
  else await writeFile(file, text);
  const look = { attempt: looking, bytesPerSecond: null };
  const found = await verifyCopy(offsite, { deployment: 'edms', backup: ID, trust: TRUST }, look);
  expect(found.problems).toHaveLength(1);
  await repairCopy(what([local], offsite), found, copying(state));
  expect(await contents(offsite.path)).toEqual(await contents(local.path));
});

it('repair removes nothing while no other copy is good', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  await copyBackup(what([local], offsite), copying(state));
  for (const { path } of [local, offsite]) await truncate(join(path, 'edms', ID, 'files.tree0.tar.zst'), 999);
  const before = await contents(offsite.path);
  const look = { attempt: looking, bytesPerSecond: null };
  const found = await verifyCopy(offsite, { deployment: 'edms', backup: ID, trust: TRUST }, look);
  await repairCopy(what([local], offsite), found, copying(state));
  expect(await contents(offsite.path)).toEqual(before);
});

it('a repair that is cancelled removes nothing', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  await copyBackup(what([local], offsite), copying(state));
  await truncate(join(offsite.path, 'edms', ID, 'files.tree0.tar.zst'), 999);
  const before = await contents(offsite.path);
  const look = { attempt: looking, bytesPerSecond: null };
  const found = await verifyCopy(offsite, { deployment: 'edms', backup: ID, trust: TRUST }, look);
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(repairCopy(what([local], offsite), found, copying(state, { signal }))).rejects.toThrow(
    'cancelled',
  );
  expect(await contents(offsite.path)).toEqual(before);
});

it('reading no faster than allowed takes its time', async () => {
  const { local } = await places();
  await storeBackup(local, [3_000_000]);
  const begun = performance.now();
  const look = { attempt: looking, bytesPerSecond: 10_000_000 };
  await verifyCopy(local, { deployment: 'edms', backup: ID, trust: TRUST }, look);
  expect(performance.now() - begun).toBeGreaterThan(280);
});

it('a lease for a repository that is no longer the deployment’s is dropped', async () => {
  const { state, local, offsite } = await places();
  await storeBackup(local, [1000]);
  const breaking: Effect = async (name, act) => {
    if (name.startsWith('receive')) throw new Error('the line broke');
    return act();
  };
  const broken = copying(state, { host: { state, effect: breaking } });
  await expect(copyBackup(what([local], offsite), broken)).rejects.toThrow('the line broke');
  expect(await readLeases(state, 'edms')).toHaveLength(1);
  await dropStaleLeases(state, { deployment: 'edms', repositories: ['local', 'offsite'] }, runEffect);
  expect(await readLeases(state, 'edms')).toHaveLength(1);
  await dropStaleLeases(state, { deployment: 'edms', repositories: ['local'] }, runEffect);
  expect(await readLeases(state, 'edms')).toEqual([]);
});

it('what is remembered of copies that nobody makes any more is forgotten after a week', async () => {
  const { state } = await places();
  const [old, wanted, young] = [ID, '20260110T224748Z-full-0001', '20260109T224748Z-full-0002'];
  const now = new Date();
  for (const backup of [old, wanted, young]) {
    const copy = { deployment: 'edms', backup, to: 'offsite' };
    await takeLease(state, { version: 1, ...copy, from: ['local'], since: now.toISOString() }, runEffect);
    const journal = journalOf(state, copy, 'files.tree0.tar.zst');
    await writeFile(journal, '');
    const at = new Date(now.getTime() - 8 * 86_400_000);
    const folder = join(state, 'copies', 'edms', 'offsite', backup);
    const files =
      backup === young ? [join(folder, 'lease.json')] : [journal, join(folder, 'lease.json'), folder];
    for (const path of files) await utimes(path, at, at);
  }
  await forgetOldCopies(
    state,
    { deployment: 'edms', to: 'offsite', wanted: [wanted] },
    { effect: runEffect, now },
  );
  expect((await readdir(join(state, 'copies', 'edms', 'offsite'))).sort()).toEqual([young, wanted]);
});
