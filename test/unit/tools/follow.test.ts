// Reading behind a program that writes, however long it takes.
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { queryObjects } from 'node:v8';
import { expect, it, onTestFinished } from 'vitest';
import { follow } from '../../../src/tools/follow.js';

it('all that is written is read, the last of it too, and the end is the writer’s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-follow-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = await open(join(folder, 'stored'), 'w+');
  const chunk = Buffer.alloc(300_000, 'x');
  const writer = (async () => {
    for (let count = 0; count < 5; count += 1) await file.appendFile(chunk);
    await file.appendFile('the end');
  })();
  const read = await buffer(follow(file, writer));
  expect(
    read.equals(Buffer.concat([...Array.from({ length: 5 }, () => chunk), Buffer.from('the end')])),
  ).toBe(true);
  await file.close();
});

it('waiting for more takes no memory: a slow writer is waited for a hundred times a second, for hours', async () => {
  const promises: number[] = [];
  let looks = 0;
  let written = (): void => undefined;
  const writer = new Promise<void>((resolve) => {
    written = resolve;
  });
  const stat = async () => {
    looks += 1;
    if (looks === 10 || looks === 110) promises.push(queryObjects(Promise, { format: 'count' }));
    if (looks === 110) written();
    return { size: 0 };
  };
  expect(await buffer(follow({ stat } as unknown as FileHandle, writer))).toHaveLength(0);
  const [early = 0, late = 0] = promises;
  expect(late - early).toBeLessThan(50);
});
