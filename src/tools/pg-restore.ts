// pg_restore: reads pg_dump's custom archive from stdin into an empty database, or over what is there.
import type { Command } from './command.js';
import { type LeftOut, leftOutArgs } from './pg-dump.js';
import { SERVICE } from './postgres-connection.js';

export interface PgRestore {
  program: string;
  /** writeConnectionFiles' environment for the database to restore into. */
  env: Readonly<Record<string, string>>;
}

/**
 * Drops what the archive holds and makes it anew, in the one transaction: all of it, or nothing has changed. What is not in
 * the archive stays; what depends on something in it makes it fail.
 */
export const pgRestoreInPlace = (found: PgRestore): Command => {
  const { args, ...command } = pgRestore(found);
  return { ...command, args: ['--clean', '--if-exists', '--single-transaction', ...args] };
};

/** Stops at the first error. Without subscriptions: their replication slot is shared with the live database. */
export const pgRestore = ({ program, env }: PgRestore, leftOut: LeftOut = NOTHING): Command => ({
  program,
  args: [
    ...['--exit-on-error', '--no-password', '--no-subscriptions', ...leftOutArgs(leftOut)],
    `--dbname=service=${SERVICE}`,
  ],
  env,
});

const NOTHING: LeftOut = { owners: false, tablespaces: false };

/** Prints all of the archive as SQL and connects to nothing: pgDumpText prints the same of what was restored from it. */
export const pgRestoreText = (program: string, leftOut: LeftOut): Command => ({
  program,
  args: ['--exit-on-error', '--no-subscriptions', ...leftOutArgs(leftOut), '--file=-'],
});

/** Prints the archive's data as SQL and connects to nothing: what cannot be read to its end fails. */
export const pgRestoreToStdout = (program: string): Command => ({
  program,
  args: ['--exit-on-error', '--data-only', '--file=-'],
});
