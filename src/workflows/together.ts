// Two steps beside each other: when one fails the other is cancelled, and both have ended before anything else happens.
import { CancellationScope } from '@temporalio/workflow';

export const together = <A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> => {
  const scope = new CancellationScope();
  return scope.run(async () => {
    const both = [first(), second()] as const;
    try {
      return await Promise.all(both);
    } catch (error) {
      scope.cancel();
      await Promise.allSettled(both);
      throw error;
    }
  });
};
