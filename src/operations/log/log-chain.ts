// Makes entries of what was noted: each names the one before, is signed, and lies in the outbox with its bytes fixed before
// the head moves. Killed in between, the next one finds it there and goes on behind it.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventId,
  eventOf,
  logBytes,
  logName,
  parseLogObject,
  type StoredEntry,
} from '../../catalog/log-object.js';
import { headFile, listOutbox, notedFolder, outboxFolder, readOutbox } from '../../catalog/log-place.js';
import type { SigningKey } from '../../catalog/signing.js';
import { signingKey } from '../../catalog/signing-key.js';
import type { RepositorySettings } from '../../config/config.js';
import { holdfastVersion } from '../../config/version.js';
import { type LogEntry, type LogEvent, logEventSchema } from '../../domain/log-entry.js';
import type { Host } from '../context.js';
import { readJson, replaceBytes, replaceJson } from '../state-folder.js';
import { headAfter, type LogHead, readHead } from './log-head.js';
import { recoverHead } from './log-recover.js';

export interface Chaining {
  host: Pick<Host, 'state' | 'instance' | 'effect'>;
  deployment: string;
  /** Where the log goes on from when this host does not know. */
  repositories: readonly RepositorySettings[];
  /** Of the deployment's configuration now. */
  digest: string;
}

/** Gives the entries to deliver, oldest first. One at a time for each deployment. */
export const chainNoted = async (chaining: Chaining): Promise<string[]> => {
  const { host, deployment } = chaining;
  const noted = await readNoted(host.state, deployment);
  const known = await readHead(host.state, deployment);
  if (known === null && noted.length === 0) return [];
  const found = known ?? (await recoverHead(host.state, deployment, chaining.repositories));
  let head = await adopt(found, chaining);
  const key = await signingKey(host.state);
  for (const event of [...changes(head, noted, { chaining, key }), ...noted]) {
    if (!head.recent.includes(`${event.kind}-${event.id}`))
      head = await append(head, event, { chaining, key });
    await forget(event, chaining);
  }
  return listOutbox(host.state, deployment);
};

/** What is in the outbox behind the head: its writer was killed before the head moved. */
const adopt = async (head: LogHead, chaining: Chaining): Promise<LogHead> => {
  const { host, deployment } = chaining;
  for (const name of await listOutbox(host.state, deployment)) {
    const bytes = await readOutbox(host.state, deployment, name);
    const stored = bytes === null ? null : parseLogObject(bytes, { deployment, name });
    if (stored !== null && follows(stored, head)) return adopt(await move(head, stored, chaining), chaining);
  }
  return head;
};

const follows = ({ entry: { previous } }: StoredEntry, { last }: LogHead): boolean =>
  previous?.name === last?.name && previous?.sha256 === last?.sha256;

interface Appending {
  chaining: Chaining;
  key: SigningKey;
}

const append = async (head: LogHead, event: LogEvent, { chaining, key }: Appending): Promise<LogHead> => {
  const { host, deployment } = chaining;
  const entry: LogEntry = {
    ...event,
    version: 1,
    instance: host.instance,
    holdfastVersion: holdfastVersion(),
    previous: head.last,
  };
  const name = logName(entry);
  const bytes = logBytes(entry, key);
  const stored = parseLogObject(bytes, { deployment, name });
  if (stored === null) throw new Error(`a log entry cannot be read back: ${bytes.toString('utf8')}`);
  await host.effect('write the log entry', () =>
    replaceBytes(join(outboxFolder(host.state, deployment), name), bytes),
  );
  return move(head, stored, chaining);
};

const move = async (head: LogHead, stored: StoredEntry, { host, deployment }: Chaining): Promise<LogHead> => {
  const moved = headAfter(head, stored);
  await host.effect('move the head of the log', () => replaceJson(headFile(host.state, deployment), moved));
  return moved;
};

/** A new key or another configuration is told before what was done with it. */
const changes = (head: LogHead, noted: readonly LogEvent[], { chaining, key }: Appending): LogEvent[] => {
  const { deployment, digest } = chaining;
  const now = new Date().toISOString();
  const at = noted[0] === undefined || noted[0].at > now ? now : noted[0].at;
  const change = (kind: 'key' | 'configuration', before: string, facts: LogEvent['facts']): LogEvent => ({
    ...{ deployment, kind, at, backup: '' },
    id: eventId(kind, JSON.stringify([head.last, facts])),
    outcome: before === '' ? 'noted' : 'changed',
    facts: { ...facts, ...(before === '' ? {} : { before }) },
  });
  return [
    ...(head.key === key.publicKey ? [] : [change('key', head.key, { key: key.publicKey })]),
    ...(head.configuration === digest ? [] : [change('configuration', head.configuration, { digest })]),
  ];
};

/** What no entry speaks of yet, in the order in which it happened. */
export const readNoted = async (state: string, deployment: string): Promise<LogEvent[]> => {
  const folder = notedFolder(state, deployment);
  const names = await readdir(folder).catch(() => []);
  const events = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readJson(join(folder, name)).catch(() => null)),
  );
  return events
    .flatMap((event) => logEventSchema.safeParse(event).data ?? [])
    .sort((a, b) => (logName(a) < logName(b) ? -1 : 1));
};

const forget = async (event: LogEvent, { host, deployment }: Chaining): Promise<void> => {
  if (event.kind === 'key' || event.kind === 'configuration') return;
  const file = join(notedFolder(host.state, deployment), `${eventOf(logName(event))}.json`);
  await host.effect('forget the noted event', () => rm(file, { force: true }));
};
