import { describe, expect, it } from 'vitest';
import { explained } from '../../../src/files/swap-failure.js';

const refusal = (code: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`${code}: rename`), { code }));

describe('what the system refuses', () => {
  it.each([
    ['EXDEV', 'it is on another filesystem', 'holdfast.yaml'],
    ['EBUSY', 'it is a mount point', 'unmount'],
    ['ENOTEMPTY', 'something else is in its place', 'move it away'],
    ['EACCES', 'this user may not do that there', 'run the agent as a user'],
    ['ENOENT', 'it is not there any more', 'look who'],
  ])('is explained with a next step for %s', async (code, why, hint) => {
    await expect(explained('move a to b', () => refusal(code))).rejects.toMatchObject({
      code: 'TREE_NOT_SWAPPABLE',
      message: expect.stringContaining(`cannot move a to b: ${why}`),
      hint: expect.stringContaining(hint),
    });
  });

  it('stays what it is where it says enough: a full disk', async () => {
    await expect(explained('move a to b', () => refusal('ENOSPC'))).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
