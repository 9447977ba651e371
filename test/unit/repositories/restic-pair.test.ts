import { expect, it } from 'vitest';
import { shareEnvironment } from '../../../src/repositories/restic/pair.js';

const place = (repository: string, env: Record<string, string> = {}, password = 'its own') => ({
  ...{ repository, local: repository.startsWith('/') },
  env: { RESTIC_PASSWORD: password, ...env },
});

const KEY = { AWS_ACCESS_KEY_ID: 'one' };
const OTHER = { AWS_ACCESS_KEY_ID: 'other' };

it.each([
  ['two folders with passwords of their own', place('/a', {}, 'a'), place('/b', {}, 'b'), true],
  ['a folder and a bucket', place('/a'), place('s3:https://host/b', KEY), true],
  ['two buckets of one account', place('s3:https://host/a', KEY), place('s3:https://host/b', KEY), true],
  ['two buckets of two accounts', place('s3:https://host/a', KEY), place('s3:https://host/b', OTHER), false],
  ['two buckets, one without a key', place('s3:https://host/a'), place('s3:https://host/b', KEY), false],
  ['two kinds that need one variable differently', place('rest:https://a', KEY), place('s3:b', OTHER), false],
])('one restic can or cannot use both: %s', (_title, one, other, can) => {
  expect(shareEnvironment(one, other)).toBe(can);
  expect(shareEnvironment(other, one)).toBe(can);
});
