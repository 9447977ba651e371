import { expect, it } from 'vitest';
import { resticStore } from '../../../src/tools/restic.js';

const place = { repository: '/srv/vault', env: {}, local: true };

it('what may be sent in a second is rounded down to kibibytes, as restic counts', () => {
  const { args } = resticStore({ ...place, bandwidth: 1_000_000 }, 'a', { host: 'edms', tags: ['data'] });
  expect(args).toContain('--limit-upload=976');
});

it('without a bandwidth restic is not limited', () => {
  const { args } = resticStore(place, 'a', { host: 'edms', tags: ['data'] });
  expect(args.join(' ')).not.toContain('--limit');
});
