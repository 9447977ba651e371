// Which databases a swap changes, by oid, as the server has them now: written into the record before anything is renamed.
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseProperties } from '../domain/manifest.js';
import { readProperties } from './properties.js';
import { maintenanceDatabase, withSession } from './session.js';
import type { DatabaseSwap } from './swap-state.js';

export interface SwapNames {
  name: string;
  live: string;
  incoming: string;
  incomingComment: string;
  outgoing: string;
  outgoingComment: string;
  /** Used when the live database is gone: what the backup says it was like. */
  properties: DatabaseProperties | null;
}

/** Failure OPERATION_LOST when an incoming database is not there. */
export const describeDatabaseSwaps = (
  server: DatabaseTarget,
  names: readonly SwapNames[],
  applicationName: string,
): Promise<DatabaseSwap[]> => {
  const database = maintenanceDatabase(names.map(({ live }) => ({ database: live })));
  return withSession(server, { database, applicationName }, async (client) => {
    const { rows } = await client.query<{ oid: number; name: string }>(
      'select oid, datname as name from pg_database',
    );
    const oids = new Map(rows.map(({ oid, name }) => [name, Number(oid)]));
    const swaps: DatabaseSwap[] = [];
    for (const one of names) {
      const incomingOid = oids.get(one.incoming);
      const liveOid = oids.get(one.live) ?? null;
      if (incomingOid === undefined) throw new Failure('OPERATION_LOST', `database ${one.incoming} is gone`);
      const properties = liveOid === null ? one.properties : await readProperties(client, one.live);
      swaps.push({ ...one, incomingOid, liveOid, properties });
    }
    return swaps;
  });
};
