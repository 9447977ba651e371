// What the log is told when an operation ends. From its record alone, so that whoever settles it notes the same.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEvent } from '../../domain/log-entry.js';
import { type Manifest, manifestSchema } from '../../domain/manifest.js';
import { RESTORED_DATA_STAYS } from '../../domain/plans.js';
import type { Host } from '../context.js';
import type { OperationRecord } from '../record.js';
import { scratchFolder } from '../state-folder.js';
import { totalBytes } from '../stored-artifacts.js';
import { noteEvent } from './log.js';

/** A backup whose manifest is in its repository, as the operation has fixed it. */
export const noteBackup = async (record: OperationRecord, host: Host): Promise<void> => {
  const manifest = await fixedManifest(record, host);
  if (manifest === null) return;
  const { id, finishedAt, artifacts, gapMs, consistency, tiers } = manifest;
  const repository = (record.inPlace?.safety?.repository ?? record.settings.repository).name;
  await noteEvent(host, {
    ...{ deployment: record.deployment, kind: 'backup', id: record.id },
    ...{ at: finishedAt, backup: id, outcome: 'made' },
    facts: {
      repository,
      bytes: totalBytes(artifacts),
      artifacts: artifacts.length,
      tiers,
      consistency,
      gapMs,
    },
  });
};

/** Nothing for an operation of another kind. @param ended what became of the roll-back, in words; null: it went forward */
export const noteRestore = async (
  record: OperationRecord,
  host: Host,
  ended: string | null,
): Promise<void> => {
  if (record.kind !== 'restore' && record.kind !== 'undo') return;
  await noteEvent(host, {
    ...{ deployment: record.deployment, kind: 'restore', id: record.id },
    ...{ at: new Date().toISOString(), backup: record.backup, outcome: outcomeOf(record, ended) },
    facts: {
      repository: record.settings.repository.name,
      mode: record.inPlace === null ? 'swap' : 'in-place',
      ...given('approvedBy', record.approvedBy),
      ...given('unsigned', record.unsigned),
      ...given('only', record.only),
      ...given('rollBack', ended ?? undefined),
      ...given('safetyBackup', record.inPlace?.safety?.backup),
      ...given('downtimeMs', downtimeOf(record)),
    },
  });
};

const outcomeOf = ({ kind }: OperationRecord, ended: string | null): string => {
  if (ended === null) return kind === 'undo' ? 'undone' : 'restored';
  return ended.startsWith(RESTORED_DATA_STAYS) ? 'roll-back incomplete' : 'rolled back';
};

const given = (name: string, value: LogEvent['facts'][string] | undefined): LogEvent['facts'] =>
  value === undefined ? {} : { [name]: value };

/** From the first service's stop, or from closing the live data. undefined: nothing was closed. Milliseconds. */
const downtimeOf = ({ services, swap }: OperationRecord): number | undefined => {
  const since = services?.since ?? swap?.closedAt;
  if (since === undefined) return undefined;
  const until = services?.until ?? new Date().toISOString();
  return Math.max(0, Date.parse(until) - Date.parse(since));
};

/** null: it is not there, and so the backup is none. */
const fixedManifest = async (record: OperationRecord, { state }: Host): Promise<Manifest | null> => {
  try {
    const text = await readFile(join(scratchFolder(state, record.id), 'manifest.json'), 'utf8');
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
