// A folder of a wanted size: a tenth of it many small files, the rest big ones, half of them random and half of them logs.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const BIG = 50_000_000;

export const createFiles = async (root: string, bytes: number): Promise<void> => {
  await mkdir(root);
  const small = Math.round((bytes * 0.1) / 8_000);
  for (let index = 0; index < small; index++) {
    const folder = join(root, `${index % 40}`, `${index % 9}`);
    if (index < 360) await mkdir(folder, { recursive: true });
    const size = 500 + ((index * 7919) % 15_500);
    await writeFile(join(folder, `${index}`), index % 3 === 0 ? randomBytes(size) : log(index, size));
  }
  const big = Math.max(1, Math.round((bytes * 0.9) / BIG));
  const size = Math.round(Math.min(BIG, bytes * 0.9));
  for (let index = 0; index < big; index++)
    await writeFile(join(root, `big-${index}`), index % 2 === 0 ? randomBytes(size) : log(index, size));
};

const log = (seed: number, size: number): string => {
  const lines: string[] = [];
  for (let length = 0, number = seed * 1000; length < size; number++) {
    const line = `2026-01-11T22:47:${number % 60} request ${number * 7919} answered 200 in ${number % 977} ms\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(0, size);
};
