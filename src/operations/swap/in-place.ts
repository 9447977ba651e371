// A restore in place, from its record: which databases it has replaced, and the way back from the safety backup.
import { ownTrust } from '../../catalog/signing-key.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { dropAllBut, type LiveObjects, readLiveObjects } from '../../database/live-objects.js';
import { Failure } from '../../domain/failure.js';
import { stopAll } from '../../services/service.js';
import { applicationName, type Host, recordedTargets } from '../context.js';
import { withIdentity } from '../identity.js';
import { type OperationRecord, readRecord, writeRecord } from '../record.js';
import type { InPlaceDatabase, InPlaceRestore } from '../recorded-in-place.js';
import { scratchFolder } from '../state-folder.js';
import { checkArtifacts, openSources } from '../stored-artifacts.js';
import { type Acting, databaseIn, restoreOver } from './restore-over.js';

export interface Replaceable {
  target: DatabaseTarget;
  intent: InPlaceDatabase;
}

/** The record's databases and where they are. */
export const replaceables = async (
  record: OperationRecord,
  { databases }: InPlaceRestore,
): Promise<Replaceable[]> =>
  (await recordedTargets(record)).map((target) => {
    const intent = databases.find(({ database }) => database === target.name);
    if (intent !== undefined) return { target, intent };
    throw new Failure(
      'STATE_DAMAGED',
      `the operation record does not say what is in database ${target.name}`,
    );
  });

/** Whether the transaction has committed: only once no session of the operation is left, is the answer final. */
export const isReplaced = async (
  { target, intent: { tables, before } }: Replaceable,
  record: OperationRecord,
  host: Host,
): Promise<boolean> => {
  if (before === null) return false;
  const now = await readLiveObjects(target, tables, { applicationName: applicationName(host, record.id) });
  return now.identity !== before.identity;
};

/** Every database of the restore. */
export const allReplaced = async (
  record: OperationRecord,
  inPlace: InPlaceRestore,
  host: Host,
): Promise<boolean> => (await replaced(record, inPlace, host)).length === inPlace.databases.length;

const replaced = async (
  record: OperationRecord,
  inPlace: InPlaceRestore,
  host: Host,
): Promise<Replaceable[]> => {
  const found: Replaceable[] = [];
  for (const one of await replaceables(record, inPlace))
    if (await isReplaced(one, record, host)) found.push(one);
  return found;
};

/** Names of databases: those that are as before again, and those that stay restored, because there is no safety backup. */
export interface PutBack {
  undone: string[];
  stay: string[];
}

/**
 * Puts back what the restore has replaced, from the safety backup and verified first. Nothing to do for a transaction that
 * has not committed. Safe to repeat: what was put back is not put back again, since people work with it by then.
 */
export const inPlaceBack = async (acting: Acting, inPlace: InPlaceRestore): Promise<PutBack> => {
  const { record, host } = acting;
  const names = (list: readonly Replaceable[]) => list.map(({ target }) => target.name);
  const found = await replaced(record, inPlace, host);
  const open = found.filter(({ intent }) => !intent.undone);
  const { safety } = inPlace;
  if (open.length === 0) return { undone: safety === null ? [] : names(found), stay: [] };
  if (safety === null) return { undone: [], stay: names(open) };
  // Those that a failed start or health check left running, on the restored data.
  if (record.services !== null) await stopAll(record.services.units, host.effect);
  const { deployment } = record;
  const wanted = { deployment, backup: safety.backup };
  const backup = await openSources(safety.repository, wanted, { trust: await ownTrust(host.state) });
  const artifacts = open.map(({ target }) => databaseIn(backup, target.name).artifact);
  await checkArtifacts(backup.repository, backup.folder, { artifacts, attempt: acting });
  const { encryption } = record.settings;
  const folder = scratchFolder(host.state, record.id);
  await withIdentity({ encryption, artifacts, folder }, async (identity) => {
    const sources = { ...backup, identity };
    for (const { target, intent } of open) {
      if (intent.before !== null) await dropNew(acting, target, intent.before);
      await restoreOver(acting, { sources, target, effect: `put ${target.name} back in place` });
      await changeDatabase(record, host, { ...intent, undone: true });
    }
  });
  return { undone: names(found), stay: [] };
};

/** What the restore made and the safety backup does not hold: it would stay, or stand in the way. */
const dropNew = (
  { record, host, signal }: Acting,
  target: DatabaseTarget,
  before: LiveObjects,
): Promise<void> =>
  host.effect(`drop what the restore made in ${target.name}`, () =>
    dropAllBut(target, before, { applicationName: applicationName(host, record.id), signal }),
  );

/** Read anew: other steps write the record too. */
export const changeDatabase = async (
  record: OperationRecord,
  host: Host,
  changed: InPlaceDatabase,
): Promise<void> => {
  const now = (await readRecord(host.state, record.deployment)) ?? record;
  if (now.inPlace === null) return;
  const databases = now.inPlace.databases.map((one) => (one.database === changed.database ? changed : one));
  await writeRecord(host.state, { ...now, inPlace: { ...now.inPlace, databases } }, host.effect);
};
