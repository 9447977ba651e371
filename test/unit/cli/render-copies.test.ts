import { expect, it } from 'vitest';
import { verifyHint } from '../../../src/cli/render/copies.js';

it('names the repair to who only looked, and a new backup to whom the repair did not help', () => {
  expect(verifyHint({ deployment: 'edms', repair: false })).toBe(
    'what a good copy has is put back by holdfast verify edms --repair',
  );
  expect(verifyHint({ deployment: null, repair: false })).toMatch(/ by holdfast verify --repair$/);
  const hint = verifyHint({ deployment: 'edms', repair: true });
  expect(hint).toContain('a new backup is whole: holdfast backup edms.');
  expect(hint).toContain('then holdfast verify edms --repair');
});
