import { expect, test } from 'vitest';
import { openHealthCheck } from '../../../src/health/open-health-check.js';

const seen = async (...command: string[]): Promise<string> => {
  const check = openHealthCheck(
    { kind: 'command', command },
    { query: () => Promise.reject(new Error('not asked')) },
  );
  return (await check.check(new AbortController().signal)).words;
};

test('what a command says is told on one line, without what would move the cursor', async () => {
  expect(await seen('sh', '-c', 'printf "\\033[2Jall\\tis lost\\n" >&2; exit 1')).toBe(
    'sh -c "printf \\"\\\\033[2Jall\\\\tis lost\\\\n\\" >&2; exit 1" failed (exit 1: [2Jall is lost)',
  );
});

test('a command that is killed is said to be killed', async () => {
  expect(await seen('sh', '-c', 'kill -9 $$')).toBe(
    'sh -c "kill -9 $$" could not be checked: sh was killed by SIGKILL',
  );
});

test('a command that is not installed is said to be missing', async () => {
  expect(await seen('holdfast-no-such-program')).toBe(
    'holdfast-no-such-program could not be checked: holdfast-no-such-program is not installed',
  );
});
