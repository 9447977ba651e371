// What a drill has left on a second server that does not answer. It is dropped as soon as that one does; until then it keeps
// nothing waiting: no backup should depend on a server that only drills use.
import { join } from 'node:path';
import { z } from 'zod';
import type { DatabaseTarget } from '../../config/targets.js';
import { serverMajor } from '../../database/server.js';
import { dropSideDatabase } from '../../database/side-database.js';
import { asFailure } from '../../domain/failure.js';
import { applicationName, type Host, recordedTargets } from '../context.js';
import { readState } from '../read-state.js';
import type { OperationRecord } from '../record.js';
import { recordSchema } from '../record-schema.js';
import { drillFolder, listJson, removeFile, replaceJson } from '../state-folder.js';

type Left = Pick<OperationRecord, 'version' | 'id' | 'deployment' | 'settings' | 'sideDatabases'>;

const leftSchema = z.looseObject(
  recordSchema.pick({ version: true, id: true, deployment: true, settings: true, sideDatabases: true }).shape,
);

/** The server that an operation has made databases on; undefined: none, or what is there is left for later. */
export const serverToClear = async (
  record: OperationRecord,
  host: Host,
): Promise<DatabaseTarget | undefined> => {
  const [server] = await recordedTargets(record);
  if (server === undefined || record.drill?.elsewhere !== true) return server;
  try {
    await serverMajor(server, applicationName(host, record.id));
    return server;
  } catch (error) {
    if (asFailure(error).code !== 'DATABASE_UNREACHABLE') throw error;
    const { version, id, deployment, settings, sideDatabases } = record;
    const left: Left = { version, id, deployment, settings, sideDatabases };
    await host.effect('leave the drill’s server for later', () =>
      replaceJson(fileOf(host.state, `${deployment}-${id}`), left),
    );
    return undefined;
  }
};

/** Names of what was left: `edms-0123456789`. */
export const listLeft = (state: string): Promise<string[]> => listJson(drillFolder(state));

/** Gives one line. Fails while the server does not answer. */
export const dropLeft = async (name: string, host: Host): Promise<string> => {
  const path = fileOf(host.state, name);
  const left = await readState<Left>(path, name.replace(/-[0-9a-f]{10}$/, ''), leftSchema);
  if (left === null) return '';
  const [server] = await recordedTargets(left);
  const options = { applicationName: applicationName(host, left.id), effect: host.effect };
  for (const { name: side, comment, oid } of left.sideDatabases)
    if (server !== undefined) await dropSideDatabase(server, { ...options, name: side, comment, oid });
  await host.effect('forget the drill’s server', () => removeFile(path));
  return `what a drill of ${left.deployment} had left on its server is dropped`;
};

const fileOf = (state: string, name: string): string => join(drillFolder(state), `${name}.json`);
