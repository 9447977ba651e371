// What a restore in place that was rolled back came to, and what stays of its safety backup.
import { backupFolder, manifestKey } from '../../catalog/manifest-file.js';
import { RESTORED_DATA_STAYS } from '../../domain/plans.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Host } from '../context.js';
import { noteBackup } from '../log/note-operation.js';
import type { OperationRecord } from '../record.js';
import type { PutBack } from './in-place.js';
import { type KeptSet, writeKept } from './kept.js';

/** A safety backup that has no manifest is removed, a complete one stays. Gives one line for people. */
export const concludeInPlace = async (
  record: OperationRecord,
  { undone, stay }: PutBack,
  host: Host,
): Promise<string> => {
  const safety = await completeSafety(record, host);
  if (stay.length > 0) {
    await rememberInPlace(record, host);
    return `${RESTORED_DATA_STAYS} in ${listed(stay)}: there is no safety backup to go back to`;
  }
  if (undone.length > 0) return `${listed(undone)} is as before again, from the safety backup ${safety}`;
  return safety === '' ? 'nothing was changed' : `nothing was changed; the safety backup ${safety} is kept`;
};

/** So that undo does not go back to what an earlier restore replaced, but says what there is instead. */
export const rememberInPlace = (record: OperationRecord, host: Host): Promise<void> => {
  const { id: operation, instance, deployment, backup, settings, inPlace } = record;
  const now = new Date();
  const note: KeptSet = {
    version: 1,
    operation,
    instance,
    deployment,
    backup,
    replacedAt: now.toISOString(),
    until: new Date(now.getTime() + settings.deployment.keepPreviousMs).toISOString(),
    settings,
    databases: [],
    trees: [],
    absent: [],
    inPlace: { safety: inPlace?.safety?.backup ?? '' },
  };
  return writeKept(host.state, note, host.effect);
};

/** Its id; empty: there is none, or no more. */
const completeSafety = async (record: OperationRecord, host: Host): Promise<string> => {
  const { deployment, inPlace } = record;
  const safety = inPlace?.safety ?? null;
  if (safety === null) return '';
  const repository = openRepository(safety.repository);
  if ((await repository.get(manifestKey(deployment, safety.backup))) !== null) {
    await noteBackup(record, host);
    return safety.backup;
  }
  await repository.removeFolder(backupFolder(deployment, safety.backup), host.effect);
  return '';
};

const listed = (names: readonly string[]): string =>
  `${names.length === 1 ? 'database' : 'databases'} ${names.join(', ')}`;
