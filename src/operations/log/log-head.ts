// The last entry of a deployment's log as this host knows it, and what the next one needs to know of those before it.
import { z } from 'zod';
import { eventOf, type StoredEntry } from '../../catalog/log-object.js';
import { headFile } from '../../catalog/log-place.js';
import { readJson } from '../state-folder.js';

const headSchema = z.strictObject({
  version: z.literal(1),
  last: z.strictObject({ name: z.string(), sha256: z.string() }).nullable(),
  /** As the log had them last; empty: it has none. */
  configuration: z.string(),
  key: z.string(),
  /** `<kind>-<id>` of the newest entries: none of them is noted again. */
  recent: z.array(z.string()),
});
export type LogHead = z.output<typeof headSchema>;

export const EMPTY_HEAD: LogHead = { version: 1, last: null, configuration: '', key: '', recent: [] };

/** As many as may be under way at once, and many more. */
export const REMEMBERED = 100;

/** null: there is none, or none that can be read; the repositories know the last entry too. */
export const readHead = async (state: string, deployment: string): Promise<LogHead | null> => {
  const stored = await readJson(headFile(state, deployment)).catch(() => null);
  const { success, data } = headSchema.safeParse(stored);
  return success ? data : null;
};

/** The head once this entry is the last one. */
export const headAfter = (head: LogHead, { name, sha256, entry }: StoredEntry): LogHead => ({
  version: 1,
  last: { name, sha256 },
  configuration: entry.kind === 'configuration' ? text(entry.facts.digest) : head.configuration,
  key: entry.kind === 'key' ? text(entry.facts.key) : head.key,
  recent: [...head.recent, eventOf(name)].slice(-REMEMBERED),
});

const text = (fact: unknown): string => (typeof fact === 'string' ? fact : '');
