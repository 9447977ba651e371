// The script that makes the passwords of docker-compose.temporal.yml.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/temporal-env.sh', import.meta.url));
const NAMES = ['TEMPORAL_DATABASE_PASSWORD', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-env-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (): string => execFileSync('sh', [SCRIPT, folder], { encoding: 'utf8', stdio: 'pipe' });
const made = () => readFile(join(folder, '.env'), 'utf8');

it('makes passwords of 256 random bits that nobody else can read, and says only their names', async () => {
  const said = run();
  const lines = (await made()).trim().split('\n');
  expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
  expect(lines.map((line) => line.split('=')[0])).toEqual(NAMES);
  expect(lines[0]).toMatch(/^\w+=[0-9a-f]{64}$/);
  expect(lines[2]).toMatch(/^\w+=[0-9a-f]{64}$/);
  for (const name of NAMES) expect(said).toContain(`  ${name}\n`);
  for (const line of lines) expect(said).not.toContain(line.split('=')[1]);
  expect(await readdir(folder)).toEqual(['.env']);
});

it('makes other ones each time', async () => {
  run();
  const first = await made();
  await rm(join(folder, '.env'));
  run();
  const second = await made();
  const values = [first, second].map((text) => text.match(/(?<==).*/g) ?? []);
  expect(new Set(values.flat()).size).toBe(2 * NAMES.length);
});

it.each([
  ['a file', () => writeFile(join(folder, '.env'), 'ours')],
  ['a link that leads nowhere', () => symlink('nowhere', join(folder, '.env'))],
])('leaves %s that is there as it is, and fails', async (_, put) => {
  await put();
  expect(run).toThrow(/\.env is there already, and stays as it is/);
  expect(await readdir(folder)).toEqual(['.env']);
  expect(await made().catch(() => 'nowhere')).toMatch(/^(ours|nowhere)$/);
});
