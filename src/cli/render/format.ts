// Numbers the way people read them: decimal sizes, short durations, ages of one unit.

const SIZE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** `812 B`, `1.9 GB`, `412 MB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${SIZE_UNITS[unit]}`;
};

/** `350 ms`, `12.4 s`, `2 m 05 s`, `1 h 12 m`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`;
};

/** As formatSpan. A time to come is `0 s` old. */
export const formatAge = (since: Date, now: Date): string =>
  formatSpan(Math.max(0, now.getTime() - since.getTime()));

/** `12 s`, `5 m`, `3 h`, `12 d`: whole units, rounded down. */
export const formatSpan = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
};

/** `2026-01-11 22:47:48 UTC`. */
export const formatTime = (time: string): string =>
  `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `41,203`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** `1 table`, `3 tables`. */
export const countOf = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : plural}`;

const twoDigits = (value: number): string => String(value).padStart(2, '0');
