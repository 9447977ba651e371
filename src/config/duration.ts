// Durations as people write them in holdfast.yaml: a whole number and one unit.

export const DURATION_PATTERN = /^[1-9]\d{0,7}[smhd]$/;

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `12h`, `30d` in milliseconds; null for anything else. */
export const parseDuration = (text: string): number | null => {
  if (!DURATION_PATTERN.test(text)) return null;
  return Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? Number.NaN);
};
