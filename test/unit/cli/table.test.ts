import { expect, it } from 'vitest';
import { table } from '../../../src/cli/render/table.js';

it('columns are aligned, and one that says nothing is left out', () => {
  const lines = table(
    [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'PROBLEM' }],
    [
      ['a', '1.9 GB', ''],
      ['longer', '12 B', ''],
    ],
  );
  expect(lines).toEqual(['NAME       SIZE', 'a        1.9 GB', 'longer     12 B']);
});
