import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tarCutter } from '../../../src/tools/tar-cutter.js';

const TAR = process.platform === 'linux' ? 'tar' : 'gtar';

/** As holdfast's own archives: nothing in them differs from one time to the next. */
const PAX = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'holdfast-cutter-'));
});
afterEach(() => rm(tree, { recursive: true, force: true }));

const archive = (): Buffer =>
  execFileSync(TAR, ['-C', tree, '--sort=name', '--format=posix', PAX, '--mtime=@0', '-cf', '-', '.'], {
    maxBuffer: 1 << 28,
  });

const pieces = (bytes: Buffer, chunk: number): Buffer[] => {
  const cutter = tarCutter();
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at += chunk)
    ends.push(...cutter.cuts(bytes.subarray(at, at + chunk)).map((end) => at + end));
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
};

const fill = async (count: number, bytes: number): Promise<void> => {
  for (let file = 0; file < count; file++)
    await writeFile(
      join(tree, `${'long-'.repeat(file % 3 === 0 ? 30 : 1)}${file}`),
      Buffer.alloc(bytes, `${file} `),
    );
};

it.each([512, 1000, 65_536, 1 << 20])(
  'cuts in the same places whatever the chunks are: %i bytes',
  async (chunk) => {
    await fill(60, 20_000);
    const whole = archive();
    const cut = pieces(whole, chunk);
    expect(Buffer.concat(cut).equals(whole)).toBe(true);
    expect(cut.map(({ length }) => length)).toEqual(pieces(whole, 1 << 30).map(({ length }) => length));
    expect(cut.length).toBeGreaterThan(20);
  },
);

it('makes only the piece of a file that changed, and its neighbours’, new', async () => {
  await fill(200, 3000);
  const before = new Set(pieces(archive(), 65_536).map((piece) => piece.toString('latin1')));
  await writeFile(join(tree, 'long-100'), Buffer.alloc(40_000, 'new'));
  await writeFile(join(tree, 'a new one'), 'new');
  const fresh = pieces(archive(), 65_536).filter((piece) => !before.has(piece.toString('latin1')));
  const bytes = fresh.reduce((sum, { length }) => sum + length, 0);
  expect(bytes).toBeGreaterThan(40_000);
  expect(bytes).toBeLessThan(160_000);
});

it('keeps every byte of what is no archive', () => {
  const bytes = Buffer.alloc(300_000, 'not an archive ');
  expect(Buffer.concat(pieces(bytes, 70_000)).equals(bytes)).toBe(true);
});
