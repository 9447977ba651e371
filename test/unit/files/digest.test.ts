import { describe, expect, it } from 'vitest';
import { missingFrom, summarize } from '../../../src/files/digest.js';
import type { Entry } from '../../../src/files/entry.js';

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 3,
  mtime: '1700000000.000000000',
  link: '',
  hardLinkOf: '',
  ...more,
});

const tree = [
  entry('.', { kind: 'folder', size: 0 }),
  entry('a'),
  entry('b', { hardLinkOf: 'a' }),
  entry('s', { kind: 'socket', size: 0 }),
];

describe('the summary of a tree', () => {
  it('counts every name once, the bytes of a file with two names once, and no socket', () => {
    expect(summarize(tree)).toMatchObject({ entries: 3, files: 2, bytes: 3 });
  });

  it('does not depend on the order', () => {
    expect(summarize([...tree].reverse())).toEqual(summarize(tree));
  });

  it.each<[string, Partial<Entry>]>([
    ['path', { path: 'aa' }],
    ['kind', { kind: 'fifo' }],
    ['mode', { mode: 0o600 }],
    ['uid', { uid: 1 }],
    ['gid', { gid: 1 }],
    ['size', { size: 4 }],
    ['time', { mtime: '1700000000.000000001' }],
    ['link target', { link: 'x' }],
    ['hard link', { hardLinkOf: 'b' }],
  ])('has another digest when the %s of an entry differs', (_what, change) => {
    const changed = tree.map((one) => (one.path === 'a' ? { ...one, ...change } : one));
    expect(summarize(changed).digest).not.toBe(summarize(tree).digest);
  });
});

describe('what an archive lacks', () => {
  it('is what the walk saw and the listing does not name, sockets excepted', () => {
    expect(missingFrom([...tree, entry('moved')], tree.slice(0, 2)).map(({ path }) => path)).toEqual([
      'b',
      'moved',
    ]);
  });
});
