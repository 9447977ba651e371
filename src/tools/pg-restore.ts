// pg_restore: reads pg_dump's custom archive from stdin into a database that is empty.
import type { Command } from './command.js';
import { SERVICE } from './postgres-connection.js';

export interface PgRestore {
  program: string;
  /** writeConnectionFiles' environment for the database to restore into. */
  env: Readonly<Record<string, string>>;
}

/** Stops at the first error. Without subscriptions: their replication slot is shared with the live database. */
export const pgRestore = ({ program, env }: PgRestore): Command => ({
  program,
  args: ['--exit-on-error', '--no-password', '--no-subscriptions', `--dbname=service=${SERVICE}`],
  env,
});
