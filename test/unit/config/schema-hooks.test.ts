import { expect, test } from 'vitest';
import { hooksOf } from '../../../src/config/hooks-of.js';
import { pathText } from '../../../src/config/problem.js';
import { hooksSchema } from '../../../src/config/schema-hooks.js';
import { shapeProblems } from '../../../src/config/shape-problems.js';

test('hooks that are left out run nothing', () => {
  const nothing = { beforeBackup: [], afterBackup: [], afterRestore: [] };
  expect(hooksOf(undefined)).toEqual(nothing);
  const commands = [['python', 'manage.py', 'migrate'], ['/opt/warm-up']];
  expect(hooksOf(hooksSchema.parse({ afterRestore: commands }))).toEqual({
    ...nothing,
    afterRestore: commands,
  });
});

const COMMAND = 'must be a list of a program and its arguments, such as [python, manage.py, migrate]';
const COMMANDS = 'must be a list of commands, each itself a list: [[python, manage.py, migrate]]';
const PROGRAM = 'must be the name of a program on PATH, or its absolute path';

test.each([
  [{ afterRestore: 'migrate' }, `afterRestore: ${COMMANDS}`],
  [{ afterRestore: ['python', 'migrate'] }, `afterRestore[0]: ${COMMAND}`],
  [{ afterRestore: [[]] }, `afterRestore[0]: ${COMMAND}`],
  [{ afterRestore: [['']] }, `afterRestore[0][0]: ${PROGRAM}`],
  [{ afterRestore: [['./migrate.sh']] }, `afterRestore[0][0]: ${PROGRAM}`],
  [{ afterRestore: [['sh', 5]] }, 'afterRestore[0][1]: must be text, not a number (quotes make it text)'],
  [{ afterRestore: [['sh', 'a\0b']] }, 'afterRestore[0][1]: must not hold a zero byte'],
  [{ beforeRestore: [['sh']] }, 'beforeRestore: is not a known key; did you mean afterRestore?'],
])('what is wrong with hooks is said with its place: %j', (value, problem) => {
  const issues = hooksSchema.safeParse(value).error?.issues ?? [];
  const problems = shapeProblems(issues, value).map(({ path, text }) => `${pathText(path)}: ${text}`);
  expect(problems[0]).toBe(problem);
});
