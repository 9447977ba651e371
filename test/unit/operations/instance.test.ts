import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { instanceId } from '../../../src/operations/agent/instance.js';
import { applicationName, sideComment } from '../../../src/operations/context.js';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-instance-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

it('is made once and stays the same', async () => {
  const id = await instanceId(state);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(await instanceId(state)).toBe(id);
  expect(await readdir(state)).toEqual(['instance.json']);
});

it('is one, even when two ask for it at the same moment for the first time', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => instanceId(state)));
  expect(new Set(ids).size).toBe(1);
});

it.each(['', '{"instance": "01', 'null', '{}', '{"instance": "../../x"}', '[]'])(
  'is refused, with the file’s path and the next step, when the file is damaged: %s',
  async (contents) => {
    await writeFile(join(state, 'instance.json'), contents);
    await expect(instanceId(state)).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining(join(state, 'instance.json')),
      hint: expect.stringContaining('move it aside'),
    });
  },
);

it('fits with an operation into the name of a session and marks a side database', () => {
  const host = { instance: '0123456789abcdef' };
  expect(applicationName(host, '0123456789').length).toBeLessThanOrEqual(63);
  expect(sideComment(host, '0123456789', 'new')).toBe('holdfast:0123456789abcdef:0123456789:new');
});
