// Sizes as people write them in holdfast.yaml: a number and one decimal or binary unit.

export const SIZE_PATTERN = /^[1-9]\d{0,5}(k|M|G|Ki|Mi|Gi)B$/;

const UNITS: Record<string, number> = {
  ...{ kB: 1e3, MB: 1e6, GB: 1e9 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
};

/** `500kB`, `10MB`, `1MiB` in bytes; null for anything else. */
export const parseSize = (text: string): number | null => {
  if (!SIZE_PATTERN.test(text)) return null;
  const [, number, unit = ''] = /^(\d+)(\D+)$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
};
