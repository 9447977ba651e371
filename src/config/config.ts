// The configuration as the rest of holdfast sees it: typed, with defaults filled in, secrets still references.

export interface Config {
  /** Absolute path of the file it was read from. */
  file: string;
  agent: string;
  /** Absolute path of the state folder. */
  state: string;
  /** An IANA name: `Europe/Zurich`. */
  timezone: string;
  temporal: TemporalSettings;
  repositories: Record<string, RepositorySettings>;
  deployments: Record<string, Deployment>;
}

export type TemporalSettings = { kind: 'embedded' } | { kind: 'address'; address: string; namespace: string };

export type RepositorySettings = { kind: 'local'; name: string; path: string };

export interface Deployment {
  name: string;
  databases: DatabaseSettings[];
  trees: TreeSettings[];
  /** Names; the first one is the primary. */
  repositories: string[];
  keepPreviousMs: number;
  approveWithinMs: number;
  stallTimeoutMs: number;
  /** SHA-256 of the canonical JSON of everything configured for it, references unresolved. */
  digest: string;
}

interface DatabaseSource {
  name: string;
  /** Where it stands in the file: `deployments.edms.database`. */
  path: string;
  /** A reference. */
  password: string | null;
}

export interface DatabaseByUrl extends DatabaseSource {
  kind: 'url';
  /** A reference, or a literal URL without a password. */
  url: string;
}

export interface DatabaseByParts extends DatabaseSource {
  kind: 'parts';
  host: string;
  port: number;
  user: string;
  database: string;
}

export type DatabaseSettings = DatabaseByUrl | DatabaseByParts;

export interface TreeSettings {
  name: string;
  /** Absolute and normalised; symbolic links are left as they are written. */
  path: string;
}
