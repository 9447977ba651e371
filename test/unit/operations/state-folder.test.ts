import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createJson,
  createStateFolder,
  listJson,
  readJson,
  removeFile,
  removeTemporaries,
  replaceJson,
} from '../../../src/operations/state-folder.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-state-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const file = () => join(state, 'operations', 'edms.json');

it('makes the state folder and its parts, private to this user', async () => {
  const fresh = join(state, 'a', 'b');
  await createStateFolder(fresh);
  await createStateFolder(fresh);
  expect((await readdir(fresh)).toSorted()).toEqual(['drill', 'kept', 'operations', 'processes', 'runs']);
  for (const folder of ['', 'drill', 'kept', 'operations', 'processes', 'runs'])
    expect((await stat(join(fresh, folder))).mode & 0o777).toBe(0o700);
});

it('creates a file and never overwrites one', async () => {
  expect(await createJson(file(), { first: true })).toBe(true);
  expect(await createJson(file(), { second: true })).toBe(false);
  expect(await readJson(file())).toEqual({ first: true });
  expect(await readdir(join(state, 'operations'))).toEqual(['edms.json']);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

it('lets exactly one of many that create the same file at once succeed', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => createJson(file(), { index, padding: 'x'.repeat(index * 999) })),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await readJson(file())).toMatchObject({ index: outcomes.indexOf(true) });
  expect(await readdir(join(state, 'operations'))).toEqual(['edms.json']);
});

it('replaces a file so that whoever reads it meanwhile has all of the old or all of the new one', async () => {
  await replaceJson(file(), { generation: 0, padding: '' });
  let over = false;
  const reading = (async () => {
    const seen = new Set<unknown>();
    while (!over) {
      const { generation, padding } = (await readJson(file())) as { generation: number; padding: string };
      expect(padding).toHaveLength(generation * 1000);
      seen.add(generation);
    }
    return seen;
  })();
  for (let generation = 1; generation <= 40; generation++)
    await replaceJson(file(), { generation, padding: 'x'.repeat(generation * 1000) });
  over = true;
  expect((await reading).size).toBeGreaterThan(1);
  expect(await readdir(join(state, 'operations'))).toEqual(['edms.json']);
});

it('leaves no temporary file when a file cannot be replaced', async () => {
  await mkdir(file(), { recursive: true });
  await writeFile(join(file(), 'in the way'), '');
  await expect(replaceJson(file(), {})).rejects.toThrow(/EISDIR|directory/);
  expect(await readdir(join(state, 'operations'))).toEqual(['edms.json']);
});

it('lists the files of a folder without temporary and other ones; a missing folder has none', async () => {
  await createJson(file(), {});
  await createJson(join(state, 'operations', 'shop-2.json'), {});
  for (const name of ['edms.json.0123456789ab.tmp', '.hidden.json', 'note.txt', 'UPPER.json'])
    await writeFile(join(state, 'operations', name), '');
  expect((await listJson(join(state, 'operations'))).toSorted()).toEqual(['edms', 'shop-2']);
  expect(await listJson(join(state, 'nothing'))).toEqual([]);
});

it('reads null where there is no file, and names one that is damaged', async () => {
  expect(await readJson(file())).toBeNull();
  await replaceJson(file(), { whole: true });
  await writeFile(file(), (await readFile(file())).subarray(0, 5));
  await expect(readJson(file(), 'do this')).rejects.toMatchObject({
    code: 'STATE_DAMAGED',
    message: expect.stringContaining(file()),
    hint: 'do this',
  });
});

it('does not call a file damaged that merely cannot be read', async () => {
  await mkdir(join(state, 'operations'));
  await symlink('edms.json', file());
  await expect(readJson(file())).rejects.toThrow('ELOOP');
});

it('finds it fine that a file is removed already', async () => {
  await createJson(file(), {});
  await removeFile(file());
  await removeFile(file());
  expect(await readJson(file())).toBeNull();
});

it('removes what a killed agent was writing, and nothing else', async () => {
  await createStateFolder(state);
  await mkdir(join(state, 'kept', 'edms'));
  await mkdir(join(state, 'runs', '0123456789'));
  const stay = ['operations/edms.json', 'kept/edms/a.json', 'runs/0123456789/part.json', 'supervisor.json'];
  const others = ['supervisor.json.0123456789ab.tmp', 'runs/0123456789/mine.tmp'];
  const killed = [
    'operations/edms.json.0123456789ab.tmp',
    'kept/edms/a.json.0123456789ab.tmp',
    'runs/0123456789/part.json.0123456789ab.tmp',
    'instance.json.0123456789ab.tmp',
    'agent.json.0123456789ab.tmp',
  ];
  for (const name of [...stay, ...others, ...killed]) await writeFile(join(state, name), '');
  await removeTemporaries(state);
  const left = (await readdir(state, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(state.length + 1));
  expect(left.toSorted()).toEqual([...stay, ...others].toSorted());
});
