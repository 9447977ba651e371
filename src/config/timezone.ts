// Time zones by their IANA names; offsets such as +01:00 know no daylight saving and are refused.

export const TIMEZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export const isTimezone = (name: string): boolean => {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    // What is known under another capitalisation here is unknown to those who read it from a file's name.
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
};

/** The host's own time zone; UTC where it has none that is known. */
export const hostTimezone = (): string => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return isTimezone(timeZone) ? timeZone : 'UTC';
};
