import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBackup, listBackups, readManifest } from '../../../src/catalog/catalog.js';
import { manifestBytes } from '../../../src/catalog/manifest-file.js';
import type { Config, Deployment } from '../../../src/config/config.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const OLD = '20260101T000000Z-full-0001';
const MIDDLE = '20260102T000000Z-files-0002';
const NEW = '20260103T000000Z-full-0003';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-catalog-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const deployment = (name: string): Deployment => ({
  name,
  databases: [],
  trees: [],
  services: [],
  hooks: { beforeBackup: [], afterBackup: [], afterRestore: [] },
  health: { withinMs: 0, checks: [] },
  forwardWithinMs: 0,
  maxPauseMs: 0,
  repositories: ['local', 'offsite'],
  keepPreviousMs: 0,
  approveWithinMs: 0,
  stallTimeoutMs: 0,
  digest: '',
});

const settings = (name: string) => ({ kind: 'local' as const, name, path: join(folder, name) });

const config = (): Config => ({
  file: join(folder, 'holdfast.yaml'),
  agent: 'default',
  state: join(folder, 'state'),
  timezone: 'UTC',
  temporal: { kind: 'embedded' },
  repositories: { local: settings('local'), offsite: settings('offsite') },
  encryption: null,
  trust: [],
  notify: [],
  deployments: { edms: deployment('edms'), shop: deployment('shop') },
  routines: {},
});

interface Put {
  deployment?: string;
  repository?: string;
  bytes?: Buffer;
}

const put = async (id: string, { deployment: name = 'edms', repository = 'local', bytes }: Put = {}) => {
  const place = join(folder, repository, name, id);
  await mkdir(place, { recursive: true });
  const valid = manifestBytes({ ...sampleManifest, id, deployment: name });
  await writeFile(join(place, 'manifest.json'), bytes ?? valid);
};

const whole = (id: string) => manifestBytes({ ...sampleManifest, id });
const changed = (id: string, change: object) =>
  Buffer.from(JSON.stringify({ ...sampleManifest, id, ...change }));

describe('listing', () => {
  it('gives the newest backup first, of every deployment and repository', async () => {
    await put(MIDDLE);
    await put(OLD, { repository: 'offsite' });
    await put(NEW, { deployment: 'shop' });
    const listed = await listBackups(config());
    expect(listed.map(({ deployment: name, id, repositories }) => [name, id, repositories])).toEqual([
      ['shop', NEW, ['local']],
      ['edms', MIDDLE, ['local']],
      ['edms', OLD, ['offsite']],
    ]);
    expect(listed[1]).toMatchObject({ problem: '', bytes: 2_000_500, summary: { bytes: 2_000_500 } });
  });

  it('gives a backup that two repositories hold once, with both names', async () => {
    await put(NEW);
    await put(NEW, { repository: 'offsite' });
    expect(await listBackups(config())).toMatchObject([{ id: NEW, repositories: ['local', 'offsite'] }]);
  });

  it('gives only what is asked for', async () => {
    await put(OLD);
    await put(NEW, { repository: 'offsite' });
    await put(NEW, { deployment: 'shop' });
    const ids = async (filter: object) =>
      (await listBackups(config(), filter)).map((entry) => `${entry.deployment}/${entry.id}`);
    expect(await ids({ deployment: 'edms' })).toEqual([`edms/${NEW}`, `edms/${OLD}`]);
    expect(await ids({ deployment: 'edms', repository: 'local' })).toEqual([`edms/${OLD}`]);
  });

  it('takes nothing for a backup that has no manifest or no backup’s name', async () => {
    const place = join(folder, 'local', 'edms');
    await mkdir(join(place, NEW), { recursive: true });
    await writeFile(join(place, NEW, 'database.main.dump.zst'), 'not committed');
    await writeFile(join(place, NEW, '.manifest.json.0123456789ab.partial'), whole(NEW));
    await put('lost+found', { bytes: whole(NEW) });
    await mkdir(join(place, OLD, 'inner'), { recursive: true });
    await writeFile(join(place, OLD, 'inner', 'manifest.json'), whole(OLD));
    expect(await listBackups(config())).toEqual([]);
  });

  it('finds nothing where there is no repository yet', async () => {
    expect(await listBackups(config())).toEqual([]);
  });

  it.each(['elsewhere', 'constructor', '__proto__'])('knows no repository %s', async (repository) => {
    await expect(listBackups(config(), { repository })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: 'name one of: local, offsite',
    });
  });
});

describe('a manifest that cannot be read', () => {
  const bad: Record<string, [Buffer, RegExp]> = {
    'is empty': [Buffer.alloc(0), /not JSON/],
    'is cut': [whole(NEW).subarray(0, 700), /not JSON/],
    'is something else': [Buffer.from('null'), /not valid/],
    'lacks a part': [changed(NEW, { artifacts: undefined }), /not valid: artifacts/],
    'has a part that nobody knows': [changed(NEW, { sneaky: true }), /not valid.*sneaky/],
    'names an artifact outside of its folder': [
      changed(NEW, { artifacts: [{ ...sampleManifest.artifacts[0], name: '../../x' }] }),
      /not valid: artifacts.0.name/,
    ],
    'is of a later version': [changed(NEW, { version: 2, artifacts: 'another shape' }), /version 2/],
    'has no version': [changed(NEW, { version: 'one' }), /not valid: version/],
    'is another deployment’s': [changed(NEW, { deployment: 'shop' }), /says that it is shop/],
    'is another backup’s': [whole(OLD), /says that it is edms\/20260101/],
  };

  it.each(Object.entries(bad))(
    'that %s: its backup is listed with the problem and never taken',
    async (_, [bytes, problem]) => {
      await put(OLD);
      await put(NEW, { bytes });
      const [first, second] = await listBackups(config());
      expect(first).toMatchObject({ id: NEW, summary: null, bytes: 0, repositories: ['local'] });
      expect(first?.problem).toMatch(problem);
      expect(second).toMatchObject({ id: OLD, problem: '' });
      expect(await findBackup(config(), { deployment: 'edms', id: 'latest' })).toMatchObject({ id: OLD });
      expect(await findBackup(config(), { deployment: 'edms', id: NEW })).toMatchObject({ summary: null });
    },
  );

  it('says that a later version needs a newer holdfast, and of a damaged one that it is damaged', async () => {
    await put(NEW, { bytes: changed(NEW, { version: 7 }) });
    await put(OLD, { bytes: Buffer.from('{') });
    const code = (id: string) => readManifest(settings('local'), 'edms', id).catch((error) => error.code);
    expect(await code(NEW)).toBe('UNSUPPORTED_MANIFEST');
    expect(await code(OLD)).toBe('CORRUPT_MANIFEST');
    expect(await code(MIDDLE)).toBe('UNKNOWN_BACKUP');
  });

  it('does not hide a good copy in another repository, whichever comes first', async () => {
    for (const [good, damaged] of [
      ['local', 'offsite'],
      ['offsite', 'local'],
    ] as const) {
      await put(NEW, { repository: good });
      await put(NEW, { repository: damaged, bytes: Buffer.from('{') });
      const [entry] = await listBackups(config());
      expect(entry).toMatchObject({ repositories: [good], problem: '', summary: { bytes: 2_000_500 } });
    }
  });

  it('names every repository when none of the copies can be read', async () => {
    for (const repository of ['local', 'offsite']) await put(NEW, { repository, bytes: Buffer.from('{') });
    expect(await listBackups(config())).toMatchObject([
      { summary: null, repositories: ['local', 'offsite'] },
    ]);
  });
});

describe('finding', () => {
  const find = (id: string, name = 'edms') => findBackup(config(), { deployment: name, id });
  beforeEach(async () => {
    for (const id of [OLD, MIDDLE, NEW]) await put(id);
  });

  it('takes the newest one as latest', async () => {
    expect(await find('latest')).toMatchObject({ id: NEW });
  });

  it('takes any unique start of an id, and the whole of it', async () => {
    expect(await find('20260102')).toMatchObject({ id: MIDDLE });
    expect(await find('20260102T000000Z-f')).toMatchObject({ id: MIDDLE });
    expect(await find(OLD)).toMatchObject({ id: OLD });
  });

  it('refuses a start that several have, and names them', async () => {
    await expect(find('2026010')).rejects.toMatchObject({
      code: 'UNKNOWN_BACKUP',
      message: '2026010 is the start of 3 backups',
      hint: `give more of it: ${NEW}, ${MIDDLE}, ${OLD}`,
    });
  });

  it.each(['', '2027', 'full', '../../x', `${NEW}0`])(
    'knows no backup “%s”, and names the newest',
    async (id) => {
      await expect(find(id)).rejects.toMatchObject({
        code: 'UNKNOWN_BACKUP',
        hint: expect.stringContaining(NEW),
      });
    },
  );

  it('says how to make the first backup where there is none', async () => {
    for (const id of ['latest', NEW])
      await expect(find(id, 'shop')).rejects.toMatchObject({
        code: 'UNKNOWN_BACKUP',
        hint: 'make one: holdfast backup shop',
      });
  });

  it('has no latest one when none can be read', async () => {
    await put(NEW, { deployment: 'shop', bytes: Buffer.from('{') });
    await expect(find('latest', 'shop')).rejects.toMatchObject({ code: 'UNKNOWN_BACKUP' });
  });

  it('refuses a deployment that is not configured', async () => {
    await expect(find('latest', 'unknown')).rejects.toMatchObject({ code: 'UNKNOWN_DEPLOYMENT' });
  });
});

it('lists two thousand backups, all of them readable', async () => {
  const ids = Array.from(
    { length: 2000 },
    (_, index) => `20260101T000000Z-full-${index.toString(16).padStart(4, '0')}`,
  );
  for (const id of ids) await put(id);
  const begin = performance.now();
  const listed = await listBackups(config());
  process.stdout.write(`2,000 backups listed in ${Math.round(performance.now() - begin)} ms\n`);
  expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
  expect(listed.filter(({ summary }) => summary === null)).toEqual([]);
});
