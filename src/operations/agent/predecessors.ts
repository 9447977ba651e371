// What an earlier attempt of an operation left running: sidecars, and sessions in the server.
import type { DatabaseTarget } from '../../config/targets.js';
import { endSessions } from '../../database/sessions.js';
import { removeSidecars } from '../../tools/sidecars.js';
import { applicationName, type Host } from '../context.js';
import type { OperationRecord } from '../record.js';

/** None of it acts any more when it returns. @param server undefined: there is none to ask */
export const endPredecessors = async (
  record: OperationRecord,
  server: DatabaseTarget | undefined,
  host: Host,
): Promise<void> => {
  await endSidecars(record, host);
  if (server !== undefined) await endSessions(server, { applicationName: applicationName(host, record.id) });
};

/** Docker is asked only where a database runs in a container. */
const endSidecars = async ({ id, settings }: OperationRecord, host: Host): Promise<void> => {
  if (settings.deployment.databases.every(({ container }) => container === undefined)) return;
  await removeSidecars({ instance: host.instance, operation: id }, host.effect);
};
