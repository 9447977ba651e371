// Sizes as the command line takes them.

const UNITS: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** @param text `2GB`, `500MB` */
export const parseSize = (text: string): number => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(B|kB|MB|GB)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) throw new Error(`not a size: ${text} (2GB, 500MB)`);
  return Number(number) * factor;
};
