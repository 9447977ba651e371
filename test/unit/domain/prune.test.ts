import { expect, it } from 'vitest';
import { parsePruneRequest } from '../../../src/domain/prune.js';

it('is about all deployments without input, and takes names and choices', () => {
  const nothing = { deployment: null, dryRun: false, force: false, dropTier: null };
  expect(parsePruneRequest(undefined)).toEqual(nothing);
  const asked = { deployment: 'edms', dryRun: true, force: true, dropTier: 'hourly' };
  expect(parsePruneRequest(asked)).toEqual(asked);
});

it.each([
  [{ dropTier: '../x' }, 'dropTier must be the name of a tier'],
  [{ force: 'yes' }, 'force must be true or false'],
  [{ all: true }, 'unknown key all'],
  [[], 'the input must be one JSON object'],
])('refuses %j', (input, words) => {
  expect(() => parsePruneRequest(input)).toThrow(words);
});
