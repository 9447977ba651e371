import { expect, test } from 'vitest';
import { type Finding, fitting, inShort, worstFirst } from '../../../src/domain/findings.js';

const finding = (level: Finding['level'], message = 'x'): Finding => ({
  area: 'STORAGE',
  level,
  message,
  hint: '',
});

test('what is worst comes first, and the rest stays in its order', () => {
  const found = [
    finding('ok', 'a'),
    finding('problem', 'b'),
    finding('warning', 'c'),
    finding('problem', 'd'),
  ];
  expect(worstFirst(found).map(({ message }) => message)).toEqual(['b', 'd', 'c', 'a']);
});

test('what does not fit is counted, by its bytes and not by its letters', () => {
  expect(fitting(['aaaa', 'bbbb', 'cccc'], 14)).toEqual({ kept: ['aaaa', 'bbbb'], omitted: 1 });
  expect(fitting(['ééé', 'b'], 9)).toEqual({ kept: ['ééé'], omitted: 1 });
  expect(fitting([], 9)).toEqual({ kept: [], omitted: 0 });
});

test('findings in short', () => {
  expect(inShort([finding('ok')])).toBe('ready');
  expect(inShort([finding('problem'), finding('ok'), finding('problem'), finding('warning')])).toBe(
    '2 problems, 1 warning',
  );
});
