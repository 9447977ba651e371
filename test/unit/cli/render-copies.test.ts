import { expect, it } from 'vitest';
import { verifyHint } from '../../../src/cli/render/copies.js';

it('names the repair to who only looked, and a new backup to whom the repair did not help', () => {
  expect(verifyHint({ deployment: 'edms', repair: false }, { copies: 2 })).toBe(
    'what a good copy has is put back by holdfast verify edms --repair',
  );
  expect(verifyHint({ deployment: null, repair: false }, { copies: 2 })).toMatch(
    / by holdfast verify --repair$/,
  );
  const hint = verifyHint({ deployment: 'edms', repair: true }, { copies: 2 });
  expect(hint).toContain('a new backup is whole: holdfast backup edms.');
  expect(hint).toContain('then holdfast verify edms --repair');
});

it('names doctor where no copy could be read, as with a wrong password: there is nothing to put back', () => {
  for (const repair of [false, true])
    expect(verifyHint({ deployment: 'edms', repair }, { copies: 0 })).toMatch(/ says holdfast doctor edms$/);
  expect(verifyHint({ deployment: null, repair: false }, { copies: 0 })).toMatch(/ says holdfast doctor$/);
});
