// libpq's parameters as environment variables ("Environment Variables" in PostgreSQL's manual): a program that is started with
// them may still choose another database, which it may not with PGSERVICE, where the file wins.

/** Parameters without a variable, and one that is a secret. */
const WITHOUT_VARIABLE = /^(keepalives.*|tcp_user_timeout|sslpassword)$/;

/** `sslmode` as `PGSSLMODE`. */
export const postgresVariables = (parameters: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([keyword]) => !WITHOUT_VARIABLE.test(keyword))
      .map(([keyword, value]) => [variable(keyword), value]),
  );

const variable = (keyword: string): string =>
  keyword === 'connect_timeout' ? 'PGCONNECT_TIMEOUT' : `PG${keyword.replace(/_/g, '').toUpperCase()}`;
