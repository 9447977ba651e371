import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isList, splitList } from '../../../src/database/setting-lists.js';

describe('a stored list of names', () => {
  it.each([
    ['public', ['public']],
    ['"My Schema", public', ['My Schema', 'public']],
    ['"$user",public', ['$user', 'public']],
    ['"a""b", "c,d"', ['a"b', 'c,d']],
    ['""', ['']],
    ['', []],
    ['"it\'s", x', ["it's", 'x']],
  ])('%j is the names %j', (stored, names) => {
    expect(splitList(stored)).toEqual(names);
  });

  it.each(['"open', 'a b', 'a,,b', 'a,', ',a'])('%j is not one', (stored) => {
    expect(splitList(stored)).toBeNull();
  });

  it('gives back any names that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (names) => {
        const stored = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
        expect(splitList(stored)).toEqual(names);
      }),
    );
  });

  it('is kept by the settings that PostgreSQL quotes name by name, and by no other', () => {
    expect(['search_path', 'temp_tablespaces', 'Search_Path'].every(isList)).toBe(true);
    expect(['DateStyle', 'work_mem', 'role', 'app.search_path'].some(isList)).toBe(false);
  });
});
