// A systemd unit's full name, as systemctl completes it.

export const unitName = (unit: string): string => (SUFFIX.test(unit) ? unit : `${unit}.service`);

const SUFFIX = /\.(?:service|socket|target|timer|path|mount|automount|swap|slice|scope|device)$/;
