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

/** What a restore leaves out, and so a comparison too. */
export interface LeftOut {
  /** Owners and rights. */
  owners: boolean;
  tablespaces: boolean;
}

/** As SQL, to be compared with what pg_restore prints. Subscriptions are never restored. */
export const pgDumpText = ({ program, env }: Omit<PgDump, 'snapshot'>, leftOut: LeftOut): Command => ({
  program,
  args: [
    '--format=plain',
    '--no-password',
    '--lock-wait-timeout=30s',
    '--no-subscriptions',
    ...leftOutArgs(leftOut),
  ],
  env,
});

export const leftOutArgs = ({ owners, tablespaces }: LeftOut): string[] => [
  ...(owners ? ['--no-owner', '--no-privileges'] : []),
  ...(tablespaces ? ['--no-tablespaces'] : []),
];
