import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lookAround } from '../../../../src/operations/init/look-around.js';
import { measureFiles } from '../../../../src/operations/init/measure-files.js';
import { keptBackups } from '../../../../src/operations/init/space.js';

const testFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-around-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const withEnv = async (text: string): Promise<string> => {
  const folder = await testFolder();
  await writeFile(join(folder, '.env'), text);
  return folder;
};

const kindsOf = async (folder: string, environment: Record<string, string> = {}) =>
  (await lookAround(folder, environment)).candidates.filter(
    ({ kind }) => kind === 'here' || kind === 'variable',
  );

describe('DATABASE_URL', () => {
  it('is referred to, wherever it stands, and its value is never taken over', async () => {
    const url = 'postgres://shop:hunter2@db.example.com/shop?sslmode=require';
    const folder = await withEnv(`# settings\nDATABASE_URL="${url}"\n`);
    const { candidates, variable } = await lookAround(folder, {});
    expect(candidates[0]).toMatchObject({
      kind: 'variable',
      database: { kind: 'url', url: 'env:DATABASE_URL' },
    });
    expect(variable).toEqual({ name: 'DATABASE_URL', value: url, file: join(folder, '.env') });
    expect(JSON.stringify(candidates)).not.toContain('hunter2');
    const set = await lookAround(folder, { DATABASE_URL: url });
    expect(set).toMatchObject({ variable: null, candidates: [{ label: 'DATABASE_URL in the environment' }] });
  });

  it('with a driver’s name in it is taken apart, since PostgreSQL’s own programs do not take it', async () => {
    const folder = await withEnv('DATABASE_URL=postgresql+asyncpg://shop:hunter2@db.example.com:6432/shop\n');
    const [found] = await kindsOf(folder);
    expect(found?.database).toEqual({
      kind: 'parts',
      ...{ host: 'db.example.com', port: 6432, name: 'shop', user: 'shop', password: 'unknown' },
    });
  });

  it('of another kind of database is left out, in words that do not repeat it', async () => {
    const folder = await withEnv('DATABASE_URL=mysql://shop:hunter2@db/shop\n');
    const { troubles, candidates } = await lookAround(folder, {});
    expect(troubles).toEqual([
      `DATABASE_URL in ${join(folder, '.env')} is no URL of a PostgreSQL database: it is left out`,
    ]);
    expect(candidates.filter(({ kind }) => kind === 'variable')).toEqual([]);
  });

  it.each(['postgres', 'postgresql+psycopg'])(
    'of the database of this folder’s Compose project is that database, and not a second one: %s',
    async (scheme) => {
      const folder = await withEnv(`DATABASE_URL=${scheme}://shop:hunter2@db/shop\n`);
      await writeFile(
        join(folder, 'compose.yaml'),
        'services: { db: { image: postgres, environment: { POSTGRES_USER: shop } } }',
      );
      expect((await kindsOf(folder)).map(({ kind }) => kind)).toEqual(['here']);
    },
  );
});

describe('folders', () => {
  const nothing = { files: 0, bytes: 0, more: false, ratio: null };

  it('are offered where they are real folders with one of the usual names', async () => {
    const folder = await testFolder();
    for (const name of ['media', 'public/uploads', 'public/system', 'src'])
      await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, 'storage'), '');
    await symlink(join(folder, 'media'), join(folder, 'uploads'));
    const { folders } = await lookAround(folder, {});
    expect(folders).toEqual([
      { name: 'media', path: join(folder, 'media') },
      { name: 'uploads', path: join(folder, 'public/uploads') },
      { name: 'system', path: join(folder, 'public/system') },
    ]);
  });

  it('are measured, and how far they compress is measured on a sample', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'deep'));
    for (let number = 0; number < 300; number += 1)
      await writeFile(join(folder, 'deep', `${number}.txt`), 'the same words again and again\n'.repeat(100));
    const measured = await measureFiles([folder]);
    expect(measured).toMatchObject({ files: 300, bytes: 300 * 3100, more: false });
    expect(measured.ratio).toBeLessThan(0.1);
    const few = await measureFiles([join(folder, 'deep')], { entries: 10, ms: 5_000 });
    expect(few).toMatchObject({ files: 10, more: true });
    expect(await measureFiles([join(folder, 'nowhere')])).toEqual(nothing);
  });

  it('are not looked at for ever where they hold nothing but folders', async () => {
    const folder = await testFolder();
    for (let number = 0; number < 20; number += 1) await mkdir(join(folder, String(number)));
    expect(await measureFiles([folder])).toEqual(nothing);
    expect(await measureFiles([folder], { entries: 10, ms: 5_000 })).toEqual({ ...nothing, more: true });
  });
});

it('the backups that tiers keep in the end are counted', () => {
  expect(keptBackups(['daily', 'weekly', 'monthly'])).toBe(23);
  expect(keptBackups([])).toBe(1);
});
