import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../../src/config/read-config.js';
import { distrust } from '../../../src/config/trusted-file.js';
import { failureOf, testFolder, writeConfig } from './holdfast-yaml.js';

const here = process.cwd();

afterEach(() => {
  process.chdir(here);
  vi.unstubAllEnvs();
});

const refusal = async (file?: string) => (await failureOf(() => readConfig(file))).message;

describe('the file is found', () => {
  test('where --config names it, before anything else', async () => {
    const [file, other] = [await writeConfig('a'), await writeConfig('b')];
    vi.stubEnv('HOLDFAST_CONFIG', other);
    expect(await readConfig(file)).toEqual({ file, text: 'a' });
  });

  test('where HOLDFAST_CONFIG names it, before the current folder', async () => {
    const [file, other] = [await writeConfig('a'), await writeConfig('b')];
    process.chdir(dirname(other));
    vi.stubEnv('HOLDFAST_CONFIG', file);
    expect(await readConfig(undefined)).toEqual({ file, text: 'a' });
  });

  test('in the current folder', async () => {
    const file = await writeConfig('a');
    process.chdir(dirname(file));
    vi.stubEnv('HOLDFAST_CONFIG', '');
    expect(await readConfig(undefined)).toEqual({ file, text: 'a' });
  });
});

describe('a file that is not there is answered with where it was looked for', () => {
  test('nowhere', async () => {
    const folder = await testFolder();
    process.chdir(folder);
    vi.stubEnv('HOLDFAST_CONFIG', '');
    const failure = await failureOf(() => readConfig(undefined));
    expect(failure.message).toBe(
      `there is no holdfast.yaml; looked for ${folder}/holdfast.yaml and /etc/holdfast/holdfast.yaml`,
    );
    expect(failure.hint).toBe(
      'holdfast init writes one; or name another with --config FILE or HOLDFAST_CONFIG',
    );
  });

  test('not where it is said to be', async () => {
    const file = join(await testFolder(), 'other.yaml');
    expect(await refusal(file)).toBe(`${file} does not exist; --config names it`);
    vi.stubEnv('HOLDFAST_CONFIG', file);
    expect(await refusal()).toBe(`${file} does not exist; HOLDFAST_CONFIG names it`);
  });
});

describe('a file that others could have written is refused', () => {
  test.each([
    [0o620, '0620'],
    [0o602, '0602'],
    [0o666, '0666'],
  ])('with mode %o', async (mode, shown) => {
    const file = await writeConfig('a');
    await chmod(file, mode);
    expect(await refusal(file)).toBe(`${file} can be changed by others (mode ${shown}): chmod go-w ${file}`);
  });

  test('in a folder where others can put another in its place', async () => {
    const file = await writeConfig('a');
    const folder = dirname(file);
    await chmod(folder, 0o777);
    expect(await refusal(file)).toBe(
      `${file} can be replaced by others (${folder} has mode 0777): chmod go-w ${folder}`,
    );
    await chmod(folder, 0o1777);
    expect(await readConfig(file)).toEqual({ file, text: 'a' });
  });

  test('through a link out of such a folder', async () => {
    const file = await writeConfig('a');
    const open = join(dirname(file), 'open');
    await mkdir(open);
    await rename(file, join(open, 'real.yaml'));
    await symlink(join(open, 'real.yaml'), file);
    await chmod(open, 0o775);
    expect(await refusal(file)).toBe(
      `${file} can be replaced by others (${open} has mode 0775): chmod go-w ${open}`,
    );
  });

  test('when it belongs to somebody else', () => {
    const facts = { isFile: () => true, mode: 0o100_600, size: 1, uid: 12_345 };
    const own = process.getuid?.() ?? 0;
    const rules = { maxBytes: 10, secret: false };
    expect(distrust('/a.yaml', facts, rules)).toBe(
      `belongs to user 12345; it must be root’s or your own: chown ${own} /a.yaml`,
    );
    expect(distrust('/a.yaml', { ...facts, uid: 0 }, rules)).toBeNull();
    expect(distrust('/a.yaml', { ...facts, uid: own }, rules)).toBeNull();
  });
});

test('a named pipe is refused and not waited for', async () => {
  const pipe = join(await testFolder(), 'pipe');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  expect(await refusal(pipe)).toBe(`${pipe} is not a regular file`);
});

test('what is no file of a sensible size is refused', async () => {
  const folder = await testFolder();
  expect(await refusal(folder)).toBe(`${folder} is not a regular file`);
  expect(await refusal('/dev/null')).toBe('/dev/null is not a regular file');
  const large = join(folder, 'large.yaml');
  await writeFile(large, ' '.repeat(1_048_577), { mode: 0o600 });
  expect(await refusal(large)).toBe(`${large} is too large: 1048577 bytes, at most 1048576`);
});
