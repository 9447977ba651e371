// pg_dump: one database as PostgreSQL's custom archive format.
import type { Command } from './command.js';

export interface PgDump {
  /** postgresProgram's path. */
  program: string;
  /** writeConnectionFiles' environment: it names the server and the database. */
  env: Readonly<Record<string, string>>;
  /** Of pg_export_snapshot; the session that exported it must stay open to the end. */
  snapshot: string;
}

/** Uncompressed: zstd behind it is 3 to 8 times faster than its own compression. A table that stays locked fails it after 30 s. */
export const pgDump = ({ program, env, snapshot }: PgDump): Command => ({
  program,
  args: [
    '--format=custom',
    '--compress=0',
    '--no-password',
    '--lock-wait-timeout=30s',
    `--snapshot=${snapshot}`,
  ],
  env,
});
