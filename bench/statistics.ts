// What is made of repeated measurements.

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
};

/** Of measurements taken side by side: the median of the ratios, so that what slowed both does not count. */
export const ratio = (of: readonly number[], to: readonly number[]): number =>
  median(of.map((value, index) => value / (to[index] ?? Number.NaN)));
