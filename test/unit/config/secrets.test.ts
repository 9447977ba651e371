import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RunProgram, resolveSecret } from '../../../src/config/secrets.js';
import { Failure } from '../../../src/domain/failure.js';
import { failureOf, testFolder } from './holdfast-yaml.js';

const run: RunProgram = async (program, args) => (await promisify(execFile)(program, args)).stdout;
const path = 'deployments.edms.database.password';
const resolve = (reference: string) => resolveSecret(reference, { path, run });
const refusal = async (reference: string) => (await failureOf(() => resolve(reference))).message;

afterEach(() => {
  vi.unstubAllEnvs();
});

const secretFile = async (content: string | Uint8Array, mode = 0o600): Promise<string> => {
  const file = join(await testFolder(), 'secret.txt');
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
};

describe('a secret is taken as it is, less one newline at its end', () => {
  test('from a variable', async () => {
    vi.stubEnv('HOLDFAST_TEST_SECRET', ' h u:n%ter ');
    expect(await resolve('env:HOLDFAST_TEST_SECRET')).toBe(' h u:n%ter ');
  });

  test.each(['s3cret', 's3cret\n', 's3cret\r\n'])('from a file that holds %j', async (content) => {
    expect(await resolve(`file:${await secretFile(content)}`)).toBe('s3cret');
  });

  test('from a file that its group may read', async () => {
    expect(await resolve(`file:${await secretFile('s3cret', 0o640)}`)).toBe('s3cret');
  });

  test('from a program that is given its arguments without a shell', async () => {
    expect(await resolve('command:printf %s-%s  two  words')).toBe('two-words');
  });
});

describe('a secret that is not there is a sentence about where it was looked for', () => {
  test('a variable that is not set', async () => {
    const failure = await failureOf(() => resolve('env:HOLDFAST_TEST_SECRET'));
    expect(failure.message).toBe(`${path}: the environment variable HOLDFAST_TEST_SECRET is not set`);
    expect(failure.hint).toBe('set HOLDFAST_TEST_SECRET where the agent is started');
    expect(failure.code).toBe('CONFIG_INVALID');
  });

  test('a variable that is empty', async () => {
    vi.stubEnv('HOLDFAST_TEST_SECRET', '');
    expect(await refusal('env:HOLDFAST_TEST_SECRET')).toBe(
      `${path}: the environment variable HOLDFAST_TEST_SECRET is empty`,
    );
  });

  test('a file that does not exist', async () => {
    const file = join(await testFolder(), 'nothing');
    expect(await refusal(`file:${file}`)).toBe(`${path}: ${file} does not exist`);
  });

  test('a file with more than one line', async () => {
    const file = await secretFile('s3cret\nmore\n');
    expect(await refusal(`file:${file}`)).toBe(`${path}: ${file} holds more than one line`);
  });

  test('a file that is not text', async () => {
    const file = await secretFile(new Uint8Array([0xff, 0xfe, 0x41]));
    expect(await refusal(`file:${file}`)).toBe(`${path}: ${file} is not UTF-8 text`);
  });

  test.each([
    [0o644, 'can be read by others (mode 0644): chmod o-rwx FILE'],
    [0o620, 'can be changed by others (mode 0620): chmod go-w FILE'],
  ])('a file with mode %o', async (mode, problem) => {
    const file = await secretFile('s3cret', mode);
    expect(await refusal(`file:${file}`)).toBe(`${path}: ${file} ${problem.replace('FILE', file)}`);
  });

  test('a program that fails keeps its code, its hint names the command, and its output is not repeated', async () => {
    const failing: RunProgram = async () => {
      throw new Failure('TOOL_MISSING', 'pass is not installed', { evidence: 'last words' });
    };
    const failure = await failureOf(() => resolveSecret('command:pass show edms', { path, run: failing }));
    expect(failure).toMatchObject({
      code: 'TOOL_MISSING',
      retryable: false,
      message: `${path}: pass gave no secret: pass is not installed`,
      hint: 'run it by hand, as the agent’s user: pass show edms',
      evidence: 'last words',
    });
  });

  test('a program that prints nothing', async () => {
    expect(await refusal('command:true')).toBe(`${path}: what true printed is empty`);
  });
});

describe('what is no reference is refused', () => {
  test.each([
    ['hunter2', 'a secret is not written here; use env:NAME, file:/path or command:program args'],
    ['env:', 'env: takes the name of an environment variable: env:NAME'],
    ['env:A B', 'env: takes the name of an environment variable: env:NAME'],
    ['file:secret.txt', 'file: takes an absolute path: file:/path'],
    ['command:', 'command: takes a program and its arguments: command:program args'],
    ['command:./secret', 'command: takes the name of a program on PATH or its absolute path'],
    ['command:cat a | head', 'command: runs no shell, so quotes and other shell syntax belong in a script'],
    ['command:echo $HOME', 'command: runs no shell, so quotes and other shell syntax belong in a script'],
    ['command:pass "my db"', 'command: runs no shell, so quotes and other shell syntax belong in a script'],
  ])('%s', async (reference, problem) => {
    expect(await refusal(reference)).toBe(`${path}: ${problem}`);
  });
});
