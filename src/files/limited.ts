// Many calls to the disk at once, but not all of them.

/** Results in the order of `items`; at most `limit` calls run at a time. The first failure ends it. */
export const mapLimited = async <T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
};
