// How old something is and how long something takes, the same in a mail and on the command line.

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
