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
  /** Where the server runs, if it runs in a container: `host` and `port` are those at which this host reaches it. */
  container?: DatabaseContainer;
}

export interface DatabaseContainer {
  id: string;
  name: string;
  /** The image's id: it holds the programs of the server's own version. */
  image: string;
  /** Where the server listens in it. */
  port: number;
}
