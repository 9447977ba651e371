import { describe, expect, it } from 'vitest';
import { inPlaceLines } from '../../../src/activities/restore/describe-restore.js';

const SAFETY = '20260112T075900Z-database-5afe';
const nothing = { stay: [], partitions: [] };

describe('the plan of a restore in place', () => {
  it('says that others wait, and how to come back', () => {
    const lines = inPlaceLines('edms', SAFETY, nothing).join('\n');
    expect(lines).toContain('in one transaction');
    expect(lines).toContain('other sessions wait');
    expect(lines).toContain(`holdfast restore edms ${SAFETY} --in-place`);
  });

  it('says that there is no way back when no safety backup is made', () => {
    const lines = inPlaceLines('edms', '', nothing).join('\n');
    expect(lines).toContain('no way back');
    expect(lines).not.toContain('--in-place');
  });

  it('names the tables that stay, the first ten of them', () => {
    const stay = Array.from({ length: 12 }, (_, index) => `public.t${index}`);
    const lines = inPlaceLines('edms', SAFETY, { stay, partitions: ['public.p1'] });
    expect(lines).toContainEqual(
      expect.stringMatching(/^not in the backup, and stay .*public\.t9 and 2 more$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^partitions .*: public\.p1$/));
  });
});
