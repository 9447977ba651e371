// What would make a drill fail on a server, found out before anything is fetched. Reads only.
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { checkExtensions, checkRoles, checkVersion } from './preflight.js';
import { checkStandby } from './preflight-live.js';
import { checkRights } from './preflight-rights.js';
import { maintenanceDatabase, withSession } from './session.js';

export interface DrillNeeds {
  applicationName: string;
  facts: readonly DatabaseFacts[];
  /** On a second server roles may be missing: then owners and rights are left out. */
  elsewhere: boolean;
}

/** Throws the first thing that would make it fail. Gives the roles that a second server lacks. */
export const checkDrillServer = (
  server: DatabaseTarget,
  { applicationName, facts, elsewhere }: DrillNeeds,
): Promise<string[]> => {
  const session = { database: maintenanceDatabase([server]), applicationName };
  return withSession(server, session, async (client) => {
    await checkStandby(client);
    await checkVersion(client, Math.max(...facts.map(({ serverVersion }) => serverVersion)));
    await checkRights(client, []);
    await checkExtensions(
      client,
      facts.flatMap(({ extensions }) => extensions),
    );
    for (const one of facts) await checkLocale(client, one);
    const roles = [...new Set(facts.flatMap((one) => one.roles))];
    if (elsewhere) return missingRoles(client, roles);
    await checkRoles(client, roles);
    return [];
  });
};

/** The server's operating system has the locale: asked for by a setting of this session alone. */
const checkLocale = async (
  client: pg.Client,
  { name, collate, ctype, localeProvider }: DatabaseFacts,
): Promise<void> => {
  if (localeProvider === 'builtin') return;
  for (const locale of new Set([collate, ctype])) {
    try {
      await client.query(`select pg_catalog.set_config('lc_monetary', $1, false)`, [locale]);
    } catch (cause) {
      throw new Failure(
        'DATABASE_NOT_READY',
        `the server does not know the locale ${locale} of database ${name}`,
        { hint: 'install it on the server’s host, then restart the server', cause },
      );
    }
  }
};

const missingRoles = async (client: pg.Client, roles: readonly string[]): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) as wanted (name)
      where name not in (select rolname from pg_roles) order by 1`,
    [roles],
  );
  return rows.map(({ name }) => name);
};
