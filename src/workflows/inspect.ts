// What `verify` does with a repository as such, beside reading what is in it.
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { transfer } from './activities.js';
import { reason } from './failing.js';
import type { ShownProgress } from './progress.js';
import type { InTime } from './scheduled.js';
import { add, type Found } from './verify-found.js';
import type { Part } from './verify-parts.js';

export interface Reading {
  found: Found;
  progress: ShownProgress;
  time: InTime;
}

/**
 * The kind’s own check of a repository, or before a repair what that needs. One that cannot be asked cannot be read either,
 * and that says it.
 */
export const inspect = async (
  part: Part,
  { found, progress, time, mend }: Reading & { mend: boolean },
): Promise<void> => {
  const { repository } = part;
  const set = progress.addStep(`${mend ? 'mending' : 'check'} of ${repository}`);
  try {
    const summary = `${mend ? 'mend' : 'check'} ${repository}`;
    const { state, problems } = await transfer(summary, time.patience).inspectRepository({
      ...part,
      ...(mend ? { mend } : {}),
      ...time.input,
    });
    add(found, { bytes: 0, problems, repaired: 0 }, repository);
    found.copies -= 1;
    progress.show({ plan: found.lines });
    if (problems.length > 0) set('failed', `${problems.length} found`);
    else set('done', (mend ? MENDED : LOOKED)[state]);
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    set('failed', reason(error));
  }
};

const NOT_NOW = 'not now: it is in use';
const LOOKED = { looked: 'nothing found', none: 'it has none of its own', 'in use': NOT_NOW };
const MENDED = {
  looked: 'nothing damaged is in the way',
  none: 'holdfast does that in restic repositories on its own host',
  'in use': NOT_NOW,
};
