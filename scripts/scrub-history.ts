// Takes everything out of a recorded history that belongs to the machine it was recorded on.

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** @param folders real paths, and what stands for them */
export const scrubbed = (history: Json, folders: Readonly<Record<string, string>>): Json => {
  const plain = (text: string): string =>
    Object.entries(folders).reduce((result, [real, shown]) => result.replaceAll(real, shown), text);
  const scrub = (json: Json): Json => {
    if (typeof json === 'string') return plain(json);
    if (typeof json !== 'object' || json === null) return json;
    if (Array.isArray(json)) return json.map(scrub);
    if (typeof json.data === 'string' && json.metadata !== undefined)
      return { ...json, data: recoded(json.data, plain) };
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, named(key, scrub(value))]));
  };
  return scrub(history);
};

/** Payloads are texts in base64. */
const recoded = (data: string, change: (text: string) => string): string =>
  Buffer.from(change(Buffer.from(data, 'base64').toString('utf8'))).toString('base64');

/** Processes are known by number and host. */
const named = (key: string, value: Json): Json => {
  if (key === 'identity' || key === 'lastWorkerIdentity') return 'somebody';
  if (key === 'stackTrace') return '';
  if (key === 'taskQueue' && typeof value === 'object' && value !== null && !Array.isArray(value))
    return value.kind === 'TASK_QUEUE_KIND_STICKY' ? { ...value, name: 'sticky' } : value;
  return value;
};
