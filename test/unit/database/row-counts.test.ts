import { describe, expect, it } from 'vitest';
import { compareCounts } from '../../../src/database/row-counts.js';

const table = (name: string, rows: number, schema = 'public') => ({ schema, name, rows });

describe('a comparison of row counts', () => {
  it('has nothing to say about equal ones, in whatever order', () => {
    const before = { tables: [table('a', 1), table('b', 2)], largeObjects: 3 };
    expect(compareCounts(before, { tables: [table('b', 2), table('a', 1)], largeObjects: 3 })).toEqual([]);
  });

  it('names every table that is missing, more than expected, or of another size, and the large objects', () => {
    const before = { tables: [table('a', 1), table('b', 2)], largeObjects: 3 };
    expect(compareCounts(before, { tables: [table('b', 1), table('c', 0)], largeObjects: 4 })).toEqual([
      '"public"."a" is missing (1 rows expected)',
      '"public"."b" has 1 rows instead of 2',
      '"public"."c" is not in the backup (0 rows)',
      'there are 4 large objects instead of 3',
    ]);
  });

  it('does not take a dot in a name for the end of the schema', () => {
    const before = { tables: [table('b', 1, 'a.x')], largeObjects: 0 };
    const after = { tables: [table('x.b', 1, 'a')], largeObjects: 0 };
    expect(compareCounts(before, after)).toHaveLength(2);
  });
});
