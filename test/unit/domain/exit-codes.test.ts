import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SOMETHING_IS_WRONG } from '../../../src/cli/status/status.js';
import { FAILURE_KINDS } from '../../../src/domain/failure-codes.js';

const page = async () => await readFile(new URL('../../../docs/exit-codes.md', import.meta.url), 'utf8');

test('docs/exit-codes.md lists every code as it is', async () => {
  const rows = Object.entries(FAILURE_KINDS).map(
    ([code, { exitCode, retryable, hint }]) =>
      `| \`${code}\` | ${exitCode} | ${retryable ? 'yes' : 'no'} | ${hint} |`,
  );
  const listed = (await page()).split('\n').filter((line) => line.startsWith('| `'));
  expect(listed).toEqual(rows);
});

test('docs/exit-codes.md says what every exit code in use means, and no other', async () => {
  const explained = [...(await page()).matchAll(/^\| (\d+) \|/gm)].map(([, exitCode]) => Number(exitCode));
  const inUse = [0, SOMETHING_IS_WRONG, ...Object.values(FAILURE_KINDS).map(({ exitCode }) => exitCode)];
  expect(explained).toEqual([...new Set(inUse)].toSorted((a, b) => a - b));
});
