// What ends or undoes an operation is tried until it succeeds, whatever its failure says of itself: somebody mends the
// cause meanwhile. Temporal tries again what may help by itself; the rest is tried again here.
import { CancellationScope, condition } from '@temporalio/workflow';
import { reason } from './failing.js';
import type { ShownProgress } from './progress.js';

const FIRST_WAIT_MS = 1_000;
/** A run that waits for weeks stays far below the longest history that Temporal allows. */
const LONGEST_WAIT_MS = 600_000;

/** Not cancelled by a cancelled run. Gives null, at once, when `abandoned` says why it is not worth another try. */
export const withoutEnd = <T>(
  { addStep }: ShownProgress,
  name: string,
  {
    act,
    detail,
    abandoned = () => '',
  }: { act: (name: string) => Promise<T>; detail: (result: T) => string; abandoned?: () => string },
): Promise<T | null> =>
  CancellationScope.nonCancellable(async () => {
    const set = addStep(name);
    for (let waitMs = FIRST_WAIT_MS; abandoned() === ''; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      set('running');
      try {
        const result = await Promise.race([act(name), whenTrue(() => abandoned() !== '')]);
        if (result === null) break;
        set('done', detail(result));
        return result;
      } catch (error) {
        set('failed', `${reason(error)}; again in ${waitMs / 1000} s`);
      }
      await condition(() => abandoned() !== '', waitMs, { summary: `${name}: again after this` });
    }
    set('failed', abandoned());
    return null;
  });

const whenTrue = async (holds: () => boolean): Promise<null> => {
  await condition(holds);
  return null;
};
