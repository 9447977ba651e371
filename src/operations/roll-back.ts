// Undoes an operation from its record: afterwards the live data is what it was before, and nothing of it is left beside.
import { rm } from 'node:fs/promises';
import { backupFolder, manifestKey } from '../catalog/manifest-file.js';
import type { DatabaseTarget } from '../config/targets.js';
import { dropSideDatabase } from '../database/side-database.js';
import { removeSideFolder } from '../files/side-folders.js';
import { openRepository } from '../repositories/open-repository.js';
import { endPredecessors } from './agent/predecessors.js';
import { applicationName, type Host, recordedTargets } from './context.js';
import { noteDrill } from './log/drill-outcome.js';
import { noteBackup, noteRestore } from './log/note-operation.js';
import { type OperationRecord, releaseOperation, writeRecord } from './record.js';
import { putServicesBack } from './services.js';
import { scratchFolder } from './state-folder.js';
import { inPlaceBack } from './swap/in-place.js';
import { concludeInPlace } from './swap/in-place-outcome.js';
import { serverToClear } from './swap/left-on-server.js';
import { swapBack } from './swap/swap-back.js';

/** Safe to repeat, and to go on with after a crash at any point. The record goes last. */
export const rollBack = async (
  found: OperationRecord,
  host: Host,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> => {
  if (found.kind === 'backup') return discardBackup(found, host);
  const record = await turnBack(found, host);
  const server = await serverToClear(record, host);
  await endPredecessors(record, server, host);
  if (record.swap !== null) await swapBack(record, record.swap, { server, host });
  const acting = { record, host, signal, report: () => undefined };
  const putBack = record.inPlace === null ? null : await inPlaceBack(acting, record.inPlace);
  await putServicesBack(record, host);
  await removeStaged(record, { server, host });
  const inPlace = putBack === null ? '' : await concludeInPlace(record, putBack, host);
  await noteDrill(record, host);
  const words = outcome(record, inPlace);
  await noteRestore(record, host, words);
  await leave(record, host);
  return words;
};

/** It never goes forward again. Services that ran on the restored data count as not put back: they are stopped once more. */
const turnBack = async (record: OperationRecord, host: Host): Promise<OperationRecord> => {
  if (record.direction === 'back') return record;
  const services = record.services === null ? null : { ...record.services, until: null };
  const back: OperationRecord = { ...record, direction: 'back', services };
  await writeRecord(host.state, back, host.effect);
  return back;
};

/** Removes what an operation keeps in the state folder, and then the record: the deployment is free again. */
export const leave = async (record: OperationRecord, host: Host): Promise<void> => {
  await host.effect('remove the part files', () =>
    rm(scratchFolder(host.state, record.id), { recursive: true, force: true }),
  );
  await releaseOperation(host.state, record.deployment, host.effect);
};

const outcome = ({ swap, services }: OperationRecord, inPlace: string): string =>
  [
    inPlace || (swap === null ? 'what was staged is removed' : 'what was there before is there again'),
    ...(services === null ? [] : ['the services are as they were']),
  ].join('; ');

interface Where {
  server: DatabaseTarget | undefined;
  host: Host;
}

const removeStaged = async (record: OperationRecord, { server, host }: Where): Promise<void> => {
  const options = { applicationName: applicationName(host, record.id), effect: host.effect };
  for (const { name, comment, oid } of record.sideDatabases) {
    if (server !== undefined) await dropSideDatabase(server, { ...options, name, comment, oid });
  }
  for (const { path } of record.sideFolders) await removeSideFolder(path, host.effect);
};

/** A backup whose manifest is there is a backup; of any other one nothing stays. */
const discardBackup = async (record: OperationRecord, host: Host): Promise<string> => {
  await putServicesBack(record, host);
  const server = await recordedTargets(record).then(
    ([first]) => first,
    () => undefined,
  );
  await endPredecessors(record, server, host).catch(() => undefined);
  const repository = openRepository(record.settings.repository);
  const committed = (await repository.get(manifestKey(record.deployment, record.backup))) !== null;
  if (committed) await noteBackup(record, host);
  else await repository.removeFolder(backupFolder(record.deployment, record.backup), host.effect);
  await leave(record, host);
  return committed ? `backup ${record.backup} is complete` : `what ${record.backup} had stored is removed`;
};
