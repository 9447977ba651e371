// How old something is, the same in a mail and on the command line.

/** `12 s`, `5 m`, `3 h`, `12 d`: whole units, rounded down. A time to come is `0 s` old. */
export const formatAge = (since: Date, now: Date): string => {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
};
