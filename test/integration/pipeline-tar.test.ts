// Real tar, forth and back: what a tree may hold comes back, and what differs is named.
import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../src/tools/command.js';
import { runPipeline } from '../../src/tools/process.js';
import { parseTarWarning, requireGnuTar, tarCompare, tarCreate, tarExtract } from '../../src/tools/tar.js';
import { zstdCompress, zstdDecompress } from '../../src/tools/zstd.js';
import { rememberingRegister } from '../support/programs.js';

const TAR = process.platform === 'linux' ? 'tar' : 'gtar';
let folder: string;
let tree: string;
let staged: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-tar-'));
  tree = join(folder, 'tree');
  staged = join(folder, 'staged');
  await mkdir(tree);
  await mkdir(staged);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = async (commands: readonly Command[], options: { input?: Buffer; lines?: string[] } = {}) => {
  let stdout = Buffer.alloc(0);
  const ended = await runPipeline(commands, {
    signal: new AbortController().signal,
    processes: rememberingRegister().register,
    stallTimeoutMs: 0,
    consume: async (stream) => {
      stdout = await buffer(stream);
    },
    onStderrLine: (_program, line) => options.lines?.push(line),
    ...(options.input === undefined ? {} : { input: Readable.from([options.input]) }),
  });
  return { stdout, ended };
};

const archive = async (only?: string): Promise<Buffer> => {
  const index = join(folder, 'listing');
  const tar = tarCreate({ path: tree, index, ...(only === undefined ? {} : { only }) });
  return (await run([tar, zstdCompress()])).stdout;
};

const extract = (input: Buffer) => run([zstdDecompress(), tarExtract({ directory: staged })], { input });

/** The lines that name differences, and how the comparison failed. */
const compare = async (input: Buffer, directory: string) => {
  let differences = '';
  const failure = await runPipeline([zstdDecompress(), tarCompare({ directory })], {
    signal: new AbortController().signal,
    processes: rememberingRegister().register,
    stallTimeoutMs: 0,
    input: Readable.from([input]),
    consume: async (stream) => {
      for await (const chunk of stream) differences += chunk;
    },
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { failure, differences };
};

const writeOddTree = async (): Promise<void> => {
  const odd = Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0x62, 0xff, 0x64])]);
  await writeFile(odd, 'not UTF-8');
  await writeFile(join(tree, 'two\nlines'), 'a');
  await writeFile(join(tree, ' "quoted" \\ and spaced '), 'b');
  await writeFile(join(tree, `-${'é'.repeat(100)}`), 'c');
  await mkdir(join(tree, 'empty'), { mode: 0o2750 });
  await chmod(join(tree, 'empty'), 0o2750);
  await writeFile(join(tree, 'first'), 'linked');
  await link(join(tree, 'first'), join(tree, 'second'));
  await symlink('/no/such/target', join(tree, 'dangling'));
  await writeFile(join(tree, 'setuid'), '#!', { mode: 0o755 });
  await chmod(join(tree, 'setuid'), 0o4755);
  execFileSync('mkfifo', [join(tree, 'fifo')]);
  const sparse = await open(join(tree, 'sparse'), 'w');
  await sparse.truncate(50_000_000);
  await sparse.write('end', 49_999_000);
  await sparse.close();
  await utimes(join(tree, 'first'), 1_000_000_000.123456, 1_000_000_000.123456);
};

describe('an archived tree', () => {
  it('comes back with everything that it held, and compares as identical', async () => {
    await requireGnuTar();
    await writeOddTree();
    const stored = await archive();
    await extract(stored);
    expect(await compare(stored, staged)).toEqual({ failure: null, differences: '' });
    const names = await readdir(tree, { encoding: 'buffer' });
    const restored = await readdir(staged, { encoding: 'buffer' });
    expect(restored.map(String).sort()).toEqual(names.map(String).sort());
    expect(restored.some((name) => name.equals(Buffer.from([0x62, 0xff, 0x64])))).toBe(true);
    const [first, second] = await Promise.all([lstat(join(staged, 'first')), lstat(join(staged, 'second'))]);
    expect(first.ino).toBe(second.ino);
    expect(first.mtimeMs).toBe((await lstat(join(tree, 'first'))).mtimeMs);
    const sparse = await lstat(join(staged, 'sparse'));
    expect(sparse.size).toBe(50_000_000);
    expect(sparse.blocks * 512).toBeLessThan(1_000_000);
    expect((await lstat(join(staged, 'setuid'))).mode & 0o7777).toBe(0o4755);
    expect((await lstat(join(staged, 'empty'))).mode & 0o7777).toBe(0o2750);
    expect((await lstat(join(staged, 'fifo'))).isFIFO()).toBe(true);
    expect((await lstat(join(staged, 'dangling'))).isSymbolicLink()).toBe(true);
  });

  it('of named files holds those that are still there', async () => {
    await writeFile(join(tree, 'stays'), 'x');
    const only = join(folder, 'names');
    await writeFile(only, 'gone\0gone/too\0stays\0');
    await extract(await archive(only));
    expect(await readdir(staged)).toEqual(['stays']);
  });

  it.runIf(process.platform === 'linux')('keeps extended attributes', async () => {
    await writeFile(join(tree, 'note'), 'x');
    const pax = '--pax-option=SCHILY.xattr.user.colour:=blue';
    const made = execFileSync(TAR, ['--create', '--format=posix', pax, `--directory=${tree}`, 'note']);
    execFileSync(TAR, ['--extract', '--xattrs', `--directory=${tree}`], { input: made });
    await extract(await archive());
    const again = execFileSync(TAR, ['--create', '--format=posix', '--xattrs', `--directory=${staged}`, '.']);
    expect(again.includes('SCHILY.xattr.user.colour=blue')).toBe(true);
  });

  it('lacks what a restore has put beside the live files, at every depth', async () => {
    const side = '.holdfast-0123456789-storage-new';
    await mkdir(join(tree, 'deep', side), { recursive: true });
    await mkdir(join(tree, side));
    await writeFile(join(tree, 'deep', side, 'staged'), 'x');
    await writeFile(join(tree, 'deep', `not${side}`), 'x');
    await extract(await archive());
    expect(await readdir(staged)).toEqual(['deep']);
    expect(await readdir(join(staged, 'deep'))).toEqual([`not${side}`]);
  });

  it('may be only some paths of it, whatever their names', async () => {
    await writeOddTree();
    const only = join(folder, 'only');
    await writeFile(
      only,
      Buffer.concat([
        Buffer.from('./two\nlines\0-'),
        Buffer.from('é'.repeat(100)),
        Buffer.from('\0b\xff', 'latin1'),
        Buffer.from('d\0./empty\0'),
      ]),
    );
    await extract(await archive(only));
    const names = await readdir(staged, { encoding: 'latin1' });
    expect(names.sort()).toEqual([
      Buffer.from(`-${'é'.repeat(100)}`).toString('latin1'),
      'b\xffd',
      'empty',
      'two\nlines',
    ]);
  });

  it('is listed as it is read, one line an entry', async () => {
    await writeOddTree();
    await archive();
    const lines = (await readFile(join(folder, 'listing'), 'latin1')).trimEnd().split('\n');
    expect(lines).toHaveLength((await readdir(tree)).length + 1);
    expect(lines.some((line) => line.endsWith('"./b\\377d"'))).toBe(true);
    expect(lines.some((line) => line.endsWith('"./two\\nlines"'))).toBe(true);
  });
});

describe('a comparison', () => {
  it('fails as NOT_IDENTICAL and names each difference', async () => {
    await writeFile(join(tree, 'kept'), 'same');
    await writeFile(join(tree, 'edited'), 'before');
    await writeFile(join(tree, 'chmod'), 'x');
    const stored = await archive();
    await extract(stored);
    await writeFile(join(staged, 'edited'), 'after!');
    await chmod(join(staged, 'chmod'), 0o600);
    const { failure, differences } = await compare(stored, staged);
    expect(failure).toMatchObject({ code: 'NOT_IDENTICAL' });
    expect(differences.trimEnd().split('\n').sort()).toEqual([
      '"./chmod": Mode differs',
      '"./edited": Contents differ',
      '"./edited": Mod time differs',
    ]);
  });

  it('fails when a file is missing', async () => {
    await writeFile(join(tree, 'gone'), 'x');
    const stored = await archive();
    await extract(stored);
    await rm(join(staged, 'gone'));
    const { failure } = await compare(stored, staged);
    expect(failure).toMatchObject({ code: 'NOT_IDENTICAL', evidence: expect.stringContaining('./gone') });
  });
});

describe('tar’s troubles', () => {
  it('are CORRUPT_ARTIFACT for an archive that is cut or flipped', async () => {
    await writeFile(join(tree, 'large'), Buffer.alloc(3_000_000, 'abcdefgh'));
    await writeFile(join(tree, 'random'), execFileSync('head', ['-c', '1000000', '/dev/urandom']));
    const stored = await archive();
    const flipped = Buffer.from(stored);
    flipped.writeUInt8(flipped.readUInt8(stored.length >> 1) ^ 1, stored.length >> 1);
    await expect(extract(stored.subarray(0, stored.length - 1))).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
    await expect(extract(flipped)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
    await expect(extract(Buffer.from('no archive at all'))).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
  });

  it('are TREE_MISSING for a tree that is not there', async () => {
    await rm(tree, { recursive: true });
    await expect(archive()).rejects.toMatchObject({ code: 'TREE_MISSING' });
  });

  it('are named, and no failure, when a file grows while it is read', async () => {
    const growing = join(tree, 'growing');
    await writeFile(growing, Buffer.alloc(20_000_000));
    const lines: string[] = [];
    let grown = false;
    const tar = tarCreate({ path: tree, index: join(folder, 'listing') });
    const ended = await runPipeline([tar], {
      signal: new AbortController().signal,
      processes: rememberingRegister().register,
      stallTimeoutMs: 0,
      onStderrLine: (_program, line) => lines.push(line),
      consume: async (stream) => {
        for await (const _chunk of stream) {
          if (!grown) await appendFile(growing, 'more');
          grown = true;
        }
      },
    });
    expect(ended[0]?.exitCode).toBe(1);
    expect(lines.map(parseTarWarning)).toContainEqual({ path: 'growing', kind: 'changed' });
  });
});
