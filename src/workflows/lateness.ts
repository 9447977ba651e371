// A scheduled run that takes much longer than usual says so while there is still time to look at it. Of a run in several parts
// each shows it; it is one event all the same.
import { CancellationScope, sleep } from '@temporalio/workflow';
import { duration } from './details.js';
import type { ShownProgress } from './progress.js';
import type { Expected } from './scheduled.js';
import { tellThat } from './telling.js';

export const watchingTheClock = async <T>(
  { addStep }: Pick<ShownProgress, 'addStep'>,
  expected: Expected | null,
  act: () => Promise<T>,
): Promise<T> => {
  if (expected === null) return act();
  const clock = new CancellationScope();
  const ticking = clock.run(async () => {
    await sleep(Math.max(0, Date.parse(expected.lateAt) - Date.now()), { summary: 'then it is late' });
    const words = lateWords(expected);
    addStep('late')('failed', words);
    await tellThat('late', { cause: words });
  });
  const heard = ticking.catch(() => undefined);
  try {
    return await act();
  } finally {
    clock.cancel();
    await heard;
  }
};

const lateWords = ({ startedAt, usualMs, giveUpAt }: Expected): string => {
  const usual = usualMs === null ? '' : `; usually ${duration(usualMs)}`;
  const taken = duration(Date.now() - Date.parse(startedAt));
  return `it has taken ${taken}${usual}; it gives up at ${giveUpAt.slice(0, 16)}Z`;
};
