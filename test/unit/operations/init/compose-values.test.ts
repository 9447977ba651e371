import { expect, it } from 'vitest';
import { interpolated } from '../../../../src/operations/init/compose-values.js';

const CASES = `
$NAME and \${NAME} > edms and edms
\${MISSING} >
\${MISSING:-other} > other
\${EMPTY:-other} > other
\${EMPTY-other} >
\${NAME:-other} > edms
\${NAME:+is set} > is set
\${MISSING:+is set} >
\${MISSING:-\${NAME}} > edms
\${NAME:?must be set} > edms
$$NAME > $NAME
100 $ and 5$ > 100 $ and 5$`;

const cases = CASES.trim()
  .split('\n')
  .map((line) => line.split(/ > ?/));

it.each(cases)('%s becomes %s', (text, expected) => {
  expect(interpolated(text, { NAME: 'edms', EMPTY: '' })).toBe(expected);
});

it('reaches every text, however deep, and leaves numbers, keys and nothing alone', () => {
  const value = { $NAME: ['$NAME', 5, null, { deep: '$NAME' }] };
  expect(interpolated(value, { NAME: 'edms' })).toEqual({ $NAME: ['edms', 5, null, { deep: 'edms' }] });
});
