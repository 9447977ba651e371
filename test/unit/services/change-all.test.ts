import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServiceSettings } from '../../../src/config/service-settings.js';
import { type Effect, runEffect } from '../../../src/domain/effect.js';
import { putBackAll, stopAll, unitsOf } from '../../../src/services/service.js';

// A service is a folder: it runs while the folder holds a file `up`, and cannot change while it holds a file `stuck`.

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-services-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const service = async (name: string): Promise<ServiceSettings> => {
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, 'up'), '');
  const shell = (script: string) => ['sh', '-c', script, name, place];
  const unlessStuck = 'test -e "$1/stuck" && echo "$0 is stuck" >&2 && exit 9; ';
  return {
    kind: 'command',
    stop: shell(`${unlessStuck} rm -f "$1/up"`),
    start: shell(`${unlessStuck} touch "$1/up"`),
    status: shell('test -e "$1/up"'),
    duringBackup: 'keep',
  };
};

const threeUnits = async () => unitsOf(await Promise.all(['a', 'b', 'c'].map(service)));

const stick = (name: string) => writeFile(join(folder, name, 'stuck'), '');

const running = async (): Promise<string[]> => {
  const up = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => ((await readdir(join(folder, name))).includes('up') ? [name] : [])),
  );
  return up.flat();
};

const order =
  (seen: string[]): Effect =>
  async (name, act) => {
    seen.push(`${name.slice(0, name.indexOf(' '))} ${/(\w)$/.exec(name)?.[1]}`);
    return act();
  };

it('services are stopped in their order, and started in the reverse one', async () => {
  const units = await threeUnits();
  const seen: string[] = [];
  await stopAll(units, order(seen));
  expect(await running()).toEqual([]);
  await putBackAll(units, order(seen));
  expect(await running()).toEqual(['a', 'b', 'c']);
  expect(seen).toEqual(['stop a', 'stop b', 'stop c', 'start c', 'start b', 'start a']);
});

it('when one cannot be stopped, those behind it are not touched', async () => {
  const units = await threeUnits();
  await stick('b');
  await expect(stopAll(units, runEffect)).rejects.toMatchObject({
    code: 'SERVICE_FAILED',
    message: expect.stringContaining('sh failed (exit 9)'),
    evidence: 'b is stuck\n',
  });
  expect(await running()).toEqual(['b', 'c']);
});

it('when one cannot be started the others are, and the first failure names the others', async () => {
  const units = await threeUnits();
  await stopAll(units, runEffect);
  await stick('c');
  await stick('a');
  await expect(putBackAll(units, runEffect)).rejects.toMatchObject({
    code: 'SERVICE_FAILED',
    message: expect.stringContaining(' c '),
    evidence: expect.stringMatching(/c is stuck\n[\s\S]*also: cannot start/),
  });
  expect(await running()).toEqual(['b']);
});

it('two that put the same services back at once do not fail each other', async () => {
  const units = await threeUnits();
  await stopAll(units, runEffect);
  await Promise.all([putBackAll(units, runEffect), putBackAll(units, runEffect)]);
  expect(await running()).toEqual(['a', 'b', 'c']);
});
