// What tar lists while it writes an archive says the same as a walk of what comes out of that archive.
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { lchown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingFrom, summarize } from '../../src/files/digest.js';
import type { Entry } from '../../src/files/entry.js';
import { readListing } from '../../src/files/listing.js';
import { namesIn } from '../../src/files/names.js';
import { absoluteBytes } from '../../src/files/path-bytes.js';
import { walk } from '../../src/files/walk.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
let tree: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-listing-'));
  tree = join(folder, 'tree');
  mkdirSync(tree);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Archives and extracts the tree as holdfast does, and gives both views of it. */
const roundTrip = async (): Promise<{ listed: Entry[]; extracted: Entry[] }> => {
  const archive = join(folder, 'archive.tar');
  const index = join(folder, 'index');
  const copy = join(folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  const attributes = ['--acls', '--xattrs', '--xattrs-include=*'];
  const listing = ['-vv', `--index-file=${index}`, '--full-time', '--utc', '--quoting-style=c'];
  const headers = ['--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'];
  await execa(
    'tar',
    [
      '--create',
      `--file=${archive}`,
      ...headers,
      ...listing,
      '--numeric-owner',
      ...attributes,
      '--sparse',
      '--exclude=.holdfast-*',
      `--directory=${tree}`,
      '.',
    ],
    { env: { LC_ALL: 'C' } },
  );
  await execa(
    'tar',
    [
      '--extract',
      `--file=${archive}`,
      '--preserve-permissions',
      '--numeric-owner',
      ...attributes,
      `--directory=${copy}`,
    ],
    { env: { LC_ALL: 'C' } },
  );
  return { listed: await readListing(index), extracted: await walk(copy) };
};

const byPath = <E extends { path: string }>(entries: E[]): E[] =>
  [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));

const expectAgreement = async (): Promise<Entry[]> => {
  const { listed, extracted } = await roundTrip();
  expect(byPath(listed)).toEqual(extracted);
  expect(summarize(listed)).toEqual(summarize(extracted));
  const names = extracted.map(({ path, kind }) => ({ path, kind }));
  expect(byPath(await namesIn(join(folder, 'copy')))).toEqual(names);
  return extracted;
};

const write = (path: string, content = 'abc'): void => writeFileSync(absoluteBytes(tree, path), content);

describe('a listing and a walk of what was extracted agree', () => {
  it('on names with newlines, quotes, backslashes, arrows and bytes that are not UTF-8', async () => {
    const names = [
      'nl\nx',
      'q"x',
      'bs\\x',
      '\xffx',
      'a -> b',
      'a" -> "b',
      'a link to b',
      ' lead',
      'trail ',
      '??)',
      '\x01\x07\x7f',
      '1\\\n2',
      '-dash',
      "'single'",
      '*?[x]',
      '\xc3\xa9',
      'x'.repeat(255),
    ];
    for (const name of names) write(name);
    expect((await expectAgreement()).map(({ path }) => path)).toEqual(['.', ...names].sort());
  });

  it('on paths far longer than the 100 and 255 bytes of old headers', async () => {
    let path = 'd'.repeat(200);
    for (let depth = 0; depth < 8; depth += 1) path += `/${'e'.repeat(200)}`;
    mkdirSync(join(tree, path), { recursive: true });
    write(`${path}/${'f'.repeat(255)}`);
    symlinkSync('t'.repeat(3000), join(tree, path, 'link'));
    expect(await expectAgreement()).toHaveLength(12);
  });

  it('on hard links of files and of symlinks, across folders', async () => {
    mkdirSync(join(tree, 'b'));
    write('b/one');
    linkSync(join(tree, 'b/one'), join(tree, 'a'));
    linkSync(join(tree, 'b/one'), join(tree, 'c'));
    symlinkSync('/nowhere', join(tree, 's1'));
    linkSync(join(tree, 's1'), join(tree, 's0'));
    write('outside');
    linkSync(join(tree, 'outside'), join(folder, 'elsewhere'));
    const links = Object.fromEntries(
      (await expectAgreement()).map((entry) => [entry.path, entry.hardLinkOf]),
    );
    expect(links).toEqual({ '.': '', a: '', b: '', 'b/one': 'a', c: 'a', outside: '', s0: '', s1: 's0' });
  });

  it('on symlinks that dangle or are absolute, with times of their own', async () => {
    symlinkSync('nowhere', join(tree, 'dangling'));
    symlinkSync('/etc/"quo\nted"\\', join(tree, 'absolute'));
    await execa('touch', ['--no-dereference', '--date=@1000000000.000000005', join(tree, 'dangling')]);
    const found = new Map((await expectAgreement()).map((entry) => [entry.path, entry]));
    expect(found.get('dangling')).toMatchObject({ link: 'nowhere', mtime: '1000000000.000000005' });
    expect(found.get('absolute')).toMatchObject({ link: '/etc/"quo\nted"\\' });
  });

  it('on a sparse file of more than 8 GB, an empty folder, a pipe, and setuid, setgid and sticky bits', async () => {
    write('sparse');
    truncateSync(join(tree, 'sparse'), 9 * 2 ** 30);
    mkdirSync(join(tree, 'empty'));
    chmodSync(join(tree, 'empty'), 0o3775);
    write('setuid');
    chmodSync(join(tree, 'setuid'), 0o6755);
    await execa('mkfifo', [join(tree, 'pipe')]);
    const found = new Map((await expectAgreement()).map((entry) => [entry.path, entry]));
    expect(found.get('sparse')?.size).toBe(9 * 2 ** 30);
    expect(found.get('empty')).toMatchObject({ kind: 'folder', mode: 0o3775 });
    expect(found.get('setuid')?.mode).toBe(0o6755);
    expect(found.get('pipe')?.kind).toBe('fifo');
  });

  it.each([-5.3, -5, -0.25, 0, 0.25, 1_600_000_000, 1_600_000_000.5, 9_000_000_000.75])(
    'on files and folders changed %d seconds from 1970',
    async (seconds) => {
      write('file');
      mkdirSync(join(tree, 'folder'));
      await execa('touch', [`--date=@${seconds}`, join(tree, 'file'), join(tree, 'folder'), tree]);
      const times = new Set((await expectAgreement()).map(({ mtime }) => Number(mtime)));
      expect([...times]).toEqual([seconds === -0.25 ? 0.25 : seconds]);
    },
  );

  it('on owners, as far as this user may set them', async () => {
    write('theirs');
    symlinkSync('x', join(tree, 'link'));
    if (isRoot) for (const name of ['theirs', 'link']) await lchown(join(tree, name), 123_456, 3_000_000_000);
    const found = new Map((await expectAgreement()).map((entry) => [entry.path, entry]));
    const expected = isRoot ? { uid: 123_456, gid: 3_000_000_000 } : { uid: process.getuid?.() };
    expect(found.get('theirs')).toMatchObject(expected);
    expect(found.get('link')).toMatchObject(expected);
  });

  it('on trees with any names at all', async () => {
    const byte = fc.integer({ min: 1, max: 255 }).filter((value) => value !== 0x2f);
    const special = fc.constantFrom(...Buffer.from('\\"\n ->?\t'), 0xff, 0xc3);
    const name = fc
      .array(fc.oneof(byte, special), { minLength: 1, maxLength: 24 })
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .filter((text) => text !== '.' && text !== '..' && !text.startsWith('.holdfast-'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 3, maxLength: 12 }), name, async (names, target) => {
        rmSync(tree, { recursive: true });
        mkdirSync(tree);
        const [inner = '', link = '', ...files] = names;
        mkdirSync(absoluteBytes(tree, inner));
        symlinkSync(Buffer.from(target, 'latin1'), absoluteBytes(tree, link));
        for (const file of files) {
          write(file, file);
          linkSync(absoluteBytes(tree, file), absoluteBytes(tree, `${inner}/${file}`));
        }
        expect(await expectAgreement()).toHaveLength(1 + names.length + files.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a walk', () => {
  it('leaves out what holdfast has made, at every depth, as the archive does', async () => {
    mkdirSync(join(tree, '.holdfast-0123456789-a-new/inside'), { recursive: true });
    mkdirSync(join(tree, 'sub'));
    write('sub/.holdfast-x');
    write('sub/holdfast-kept');
    expect((await expectAgreement()).map(({ path }) => path)).toEqual(['.', 'sub', 'sub/holdfast-kept']);
    for (const look of [walk, namesIn])
      expect((await look(tree)).map(({ path }) => path).sort()).toEqual(['.', 'sub', 'sub/holdfast-kept']);
  });

  it('sees a socket, which no archive holds and nobody misses', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(tree, 'socket'), done));
    const seen = await walk(tree);
    const names = await namesIn(tree);
    const { listed } = await roundTrip();
    server.close();
    expect(names).toEqual(seen.map(({ path, kind }) => ({ path, kind })));
    expect(missingFrom(names, listed)).toEqual([]);
    expect(seen.map(({ kind }) => kind)).toEqual(['folder', 'socket']);
    expect(missingFrom(seen, listed)).toEqual([]);
    expect(summarize(seen)).toMatchObject({ entries: 1, files: 0 });
  });

  it.each([walk, namesIn])('fails where there is no folder (%o)', async (look) => {
    await expect(look(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'TREE_MISSING' });
    write('file');
    await expect(look(join(tree, 'file'))).rejects.toMatchObject({ code: 'TREE_MISSING' });
  });

  it.each([
    ['walk', 'walk'],
    ['names', 'namesIn'],
  ])('fails on a folder that may not be read, and names it (%s)', async (module, look) => {
    mkdirSync(join(tree, 'closed\n'), { mode: 0 });
    chmodSync(folder, 0o755);
    const script = `
      import { ${look} } from ${JSON.stringify(join(import.meta.dirname, `../../src/files/${module}.ts`))};
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      await ${look}(process.argv.at(-1)).then(console.log, (error) => console.log(error.code, error.message));`;
    const { stdout } = await execa('node', [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      script,
      tree,
    ]);
    expect(stdout).toBe(`UNREADABLE_FILES cannot read ${tree}/closed\\n (EACCES)`);
  });
});

describe('a listing', () => {
  it('is refused when a line of it cannot be understood', async () => {
    write('../index', 'tar: something new\n');
    await expect(readListing(join(folder, 'index'))).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      evidence: 'tar: something new',
    });
  });
});
