// What the command line says of several repositories, one of which does not answer.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manifestBytes } from '../../../src/catalog/manifest-file.js';
import { sampleManifest } from './sample-manifest.js';

const BINARY = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
const { id } = sampleManifest;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-several-'));
  const yaml = `state: ${folder}/state
repositories: { near: { local: "${folder}/near" }, far: { local: "${folder}/far" } }
deployments: { edms: { files: { storage: "${folder}/storage" } } }
`;
  await writeFile(join(folder, 'holdfast.yaml'), yaml, { mode: 0o600 });
  await mkdir(join(folder, 'near/edms', id), { recursive: true });
  await writeFile(join(folder, 'near/edms', id, 'manifest.json'), manifestBytes(sampleManifest));
  await writeFile(join(folder, 'far'), 'not a folder');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const holdfast = (...args: string[]) =>
  execa(process.execPath, [BINARY, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { HOLDFAST_CONFIG: join(folder, 'holdfast.yaml') },
  });

it('list shows what the others hold, names the one that does not answer, and has not failed', async () => {
  const { exitCode, stdout, stderr } = await holdfast('list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`edms +${id} .* near$`, 'm'));
  expect(stderr).toMatch(/^warning: repository far at .*; what only it holds is not listed$/);
});

it('list and show say it as JSON, too', async () => {
  const listed = JSON.parse((await holdfast('list', '--json')).stdout);
  expect(listed).toMatchObject([{ backup: id, repositories: ['near'], damaged: [], unknown: ['far'] }]);
  const shown = JSON.parse((await holdfast('show', 'edms', id.slice(0, 13), '--json')).stdout);
  expect(shown).toMatchObject({ id, repositories: ['near'], damaged: [], unknown: ['far'] });
});

it('show names the repository that does not answer', async () => {
  const { exitCode, stdout } = await holdfast('show', 'edms', 'latest');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/no answer from +far/);
});

it('list fails when the only repository that is asked does not answer', async () => {
  const { exitCode, stdout, stderr } = await holdfast('list', '--repository', 'far');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error: repository far at .*\nhint: /);
});

it('doctor tries a repository out, and leaves it as it was', async () => {
  const { exitCode, stdout } = await holdfast('doctor', '--repository', 'near');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^repository near: ready\n/);
  expect(await readdir(join(folder, 'near'))).toEqual(['edms']);
});

it('doctor says what is wrong with a repository, and fails', async () => {
  const { exitCode, stdout } = await holdfast('doctor', '--repository', 'far', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    repository: 'far',
    ok: false,
    findings: [{ area: 'STORAGE', level: 'problem', message: expect.stringContaining('not a folder') }],
  });
});

it.each([
  [['doctor', '--repository', 'nowhere'], 'error: there is no repository nowhere in '],
  [['doctor', 'edms', '--repository', 'near'], 'error: give either a deployment or --repository\n'],
])('%j is refused', async (args, words) => {
  const { exitCode, stderr } = await holdfast(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});
