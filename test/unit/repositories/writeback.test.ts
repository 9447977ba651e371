import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writebackOf } from '../../../src/repositories/local/writeback.js';

const LATER = 1 << 30;

it('says what the disk said while the file was sent to it, at the latest at the end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-writeback-'));
  const file = await open(join(folder, 'file'), 'wx+');
  await file.close();
  const writeback = writebackOf(file);
  writeback.written(LATER);
  await expect(writeback.end()).rejects.toMatchObject({ code: 'EBADF' });
  expect(() => writeback.written(2 * LATER)).toThrow(/EBADF|closed/);
  await rm(folder, { recursive: true });
});
