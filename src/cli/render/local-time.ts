// Times as clocks of the configured time zone show them.

/** `2026-11-22 02:00`. */
export const localTime = (time: string, timezone: string): string => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return format.format(new Date(time));
};
