// pg_dumpall: what belongs to the server and not to one of its databases.
import type { Command } from './command.js';
import { SERVICE } from './postgres-connection.js';

export interface PgDumpall {
  program: string;
  env: Readonly<Record<string, string>>;
}

/**
 * Roles, memberships and tablespaces as SQL. Without passwords: every role may run it, and nobody can take them from a backup. It
 * connects to the service's own database (`--dbname` would try `postgres`, which the role may not be allowed to).
 */
export const pgDumpall = ({ program, env }: PgDumpall): Command => ({
  program,
  args: [
    '--globals-only',
    '--no-role-passwords',
    '--no-password',
    '--lock-wait-timeout=30s',
    `--database=service=${SERVICE}`,
  ],
  env,
});
