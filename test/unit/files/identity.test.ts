import { describe, expect, it } from 'vitest';
import { sameIdentity } from '../../../src/files/identity.js';

const folder = { device: '1', inode: '2', birth: '3' };

describe('two identities are the same', () => {
  it('when inode and birth agree, whatever number the device has after a restart', () => {
    expect(sameIdentity(folder, { ...folder, device: '9' })).toBe(true);
    expect(sameIdentity(folder, { ...folder, birth: '4' })).toBe(false);
    expect(sameIdentity(folder, { ...folder, inode: '4' })).toBe(false);
  });

  it('when inode and device agree, where a birth is unknown', () => {
    expect(sameIdentity(folder, { ...folder, birth: '' })).toBe(true);
    expect(sameIdentity({ ...folder, birth: '' }, { ...folder, device: '9' })).toBe(false);
  });

  it('when there is nothing on both sides', () => {
    expect(sameIdentity(null, null)).toBe(true);
    expect(sameIdentity(folder, null)).toBe(false);
    expect(sameIdentity(null, folder)).toBe(false);
  });
});
