// What the layers below the configuration connect to: every reference resolved, nothing left to look up.

/** A database with everything that is needed to connect; `parameters` are libpq keywords (sslmode …). */
export interface DatabaseTarget {
  /** The configured name (`main`). */
  name: string;
  /** A host name, an address (IPv6 without brackets), or the folder of a Unix socket. */
  host: string;
  port: number;
  user: string;
  /** null: none is needed (peer or trust authentication, a client certificate). */
  password: string | null;
  database: string;
  parameters: Record<string, string>;
}
