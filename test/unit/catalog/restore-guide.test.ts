import { expect, it } from 'vitest';
import { restoreGuide } from '../../../src/catalog/restore-guide.js';
import type { Manifest } from '../../../src/domain/manifest.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const [database] = sampleManifest.databases;
const [tree] = sampleManifest.trees;
const archive = (name: string): Manifest['artifacts'][number] => ({
  name,
  kind: 'files',
  source: 'storage',
  bytes: 1,
  rawBytes: 1,
  sha256: 'c'.repeat(64),
  transforms: ['zstd'],
});
const guide = (change: Partial<Manifest> = {}) => restoreGuide({ ...sampleManifest, ...change });
const withDatabase = (change: object) =>
  guide({ databases: database === undefined ? [] : [{ ...database, ...change }] });

it('brings the roles before the databases that need them, whatever the order in the manifest', () => {
  const text = guide({ artifacts: sampleManifest.artifacts.toReversed() });
  expect(text.indexOf('globals.sql.zst |')).toBeGreaterThan(0);
  expect(text.indexOf('globals.sql.zst |')).toBeLessThan(text.indexOf('database.main.dump.zst |'));
});

it('extracts the archives of one tree one after the other into one new folder', () => {
  const names = ['files.storage.tar.zst', 'files.storage.moved.tar.zst'];
  const text = guide({ artifacts: names.map(archive) });
  expect(text.match(/mkdir -m 0700 \/srv\/edms\/storage\.restored/g)).toHaveLength(1);
  const [first, second] = names.map((name) => text.indexOf(`zstd -dc ${name} | tar --extract`));
  expect(first).toBeGreaterThan(text.indexOf('mkdir -m 0700'));
  expect(second).toBeGreaterThan(first ?? Number.NaN);
});

it('makes a tree directly below the root without a folder above it', () => {
  const trees = tree === undefined ? [] : [{ ...tree, path: '/storage' }];
  const text = guide({ trees, artifacts: [archive('files.storage.tar.zst')] });
  expect(text).toContain('```sh\nmkdir -m 0700 /storage.restored\n');
});

it('names the locale provider where the server knows one', () => {
  expect(withDatabase({ serverVersion: 140_000 })).not.toContain('--locale-provider');
  expect(withDatabase({ localeProvider: 'icu', locale: 'de-CH' })).toContain(
    '--locale-provider=icu --icu-locale=de-CH --',
  );
  expect(withDatabase({ serverVersion: 170_002, localeProvider: 'builtin', locale: 'C.UTF-8' })).toContain(
    '--locale-provider=builtin --builtin-locale=C.UTF-8 --',
  );
});

it('names the extensions that the server must have', () => {
  const extensions = [
    { name: 'plpgsql', version: '1.0' },
    { name: 'postgis', version: '3.3.2' },
  ];
  expect(withDatabase({ extensions })).toContain('must have these extensions: postgis 3.3.2.');
  expect(guide()).not.toContain('must have these extensions');
});

it('gives a restored database a name of at most 63 bytes that is not the live one’s', () => {
  const name = (database: string) => /-- (.+)$/m.exec(withDatabase({ database }))?.[1] ?? '';
  expect(name('edms')).toBe('edms_restored');
  expect(name('a'.repeat(63))).toBe(`${'a'.repeat(54)}_restored`);
  expect(name('ü'.repeat(31))).toBe(`'${'ü'.repeat(27)}_restored'`);
});

it('keeps a heading on one line when a name has a line break', () => {
  const headings = withDatabase({ database: 'a\n## b\n```' }).match(/^## .*$/gm);
  expect(headings?.filter((line) => line.includes('a?## b?'))).toHaveLength(1);
});
