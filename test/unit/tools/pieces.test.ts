import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { piecesInto } from '../../../src/tools/pieces.js';

let above: string;
let folder: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'holdfast-pieces-'));
  folder = join(above, 'files.tar.pieces');
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

/** All of a part, as restic gives it again: its files in the order of their names. */
const partBytes = (part: number): Buffer =>
  Buffer.concat(
    readdirSync(`${folder}.${part}`)
      .toSorted()
      .map((name) => readFileSync(join(`${folder}.${part}`, name))),
  );

it('a part waits until the last but one is stored, and put together they are all that came', () => {
  const archive = randomBytes(10_000);
  const stored: Buffer[] = [];
  const said: number[] = [];
  const store = (part: number): void => {
    stored.push(partBytes(part));
    rmSync(`${folder}.${part}`, { recursive: true });
  };
  const sink = piecesInto(
    folder,
    (line) => {
      if (!('part' in line)) return;
      expect(readdirSync(above).length).toBeLessThanOrEqual(2);
      said.push(line.bytes);
      if (line.part > 0) store(line.part - 1);
    },
    3000,
  );
  for (let at = 0; at < archive.length; at += 1000) sink.write(archive.subarray(at, at + 1000));
  sink.end();
  expect(readdirSync(above)).toEqual([basename(`${folder}.3`)]);
  store(3);
  expect(Buffer.concat(stored).equals(archive)).toBe(true);
  expect(said).toEqual([3000, 3000, 3000, 1000]);
});

it('says that it lives while it waits for a part to be stored', () => {
  const said: number[] = [];
  const sink = piecesInto(
    folder,
    (line) => {
      if ('part' in line) return;
      said.push(line.bytes);
      rmSync(`${folder}.0`, { recursive: true });
    },
    3000,
  );
  for (let at = 0; at < 9000; at += 3000) sink.write(randomBytes(3000));
  sink.end();
  expect(said).toEqual([6000]);
  expect(readdirSync(above).toSorted()).toEqual([1, 2].map((part) => basename(`${folder}.${part}`)));
});

it('nothing begins over what another attempt left', () => {
  const sink = piecesInto(folder, () => undefined);
  sink.write(Buffer.alloc(10));
  expect(() => piecesInto(folder, () => undefined).write(Buffer.alloc(10))).toThrow('EEXIST');
});
