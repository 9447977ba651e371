import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPart, writePart } from '../../../src/activities/backup/parts.js';
import { runEffect } from '../../../src/domain/effect.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const { artifacts, databases, trees } = sampleManifest;
const contents = { artifacts, databases, trees };

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'holdfast-parts-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

it('come back as they were written, from the operation’s folder alone', async () => {
  const part = await writePart(scratch, 'files.json', { contents, effect: runEffect });
  expect(part).toEqual({ name: 'files.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await readPart(scratch, part)).toEqual(contents);
  expect(await readdir(scratch)).toEqual(['files.json']);
});

it('of an earlier attempt are not taken for those of a later one', async () => {
  const earlier = await writePart(scratch, 'files.json', {
    contents: { ...contents, trees: [] },
    effect: runEffect,
  });
  const later = await writePart(scratch, 'files.json', { contents, effect: runEffect });
  await expect(readPart(scratch, earlier)).rejects.toMatchObject({ code: 'OPERATION_LOST' });
  expect(await readPart(scratch, later)).toEqual(contents);
});

it('are refused when they are gone or changed', async () => {
  const part = await writePart(scratch, 'files.json', { contents, effect: runEffect });
  await writeFile(join(scratch, 'files.json'), '{}');
  await expect(readPart(scratch, part)).rejects.toMatchObject({ code: 'OPERATION_LOST' });
  await rm(join(scratch, 'files.json'));
  await expect(readPart(scratch, part)).rejects.toMatchObject({ code: 'OPERATION_LOST' });
});
