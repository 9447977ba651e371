// The configuration as the rest of holdfast sees it: typed, with defaults filled in, secrets still references.
import type { Routine } from '../domain/tiers.js';
import type { NotifierSettings } from './notify-settings.js';
import type { RepositorySettings } from './repository-settings.js';
import type { EncryptionSettings } from './schema-encryption.js';
import type { ContainerSettings, HealthSettings, HookSettings, ServiceSettings } from './service-settings.js';

export type { LocalSettings, RcloneSettings, RepositorySettings } from './repository-settings.js';
export type { S3Settings } from './s3-settings.js';
export type { EncryptionSettings } from './schema-encryption.js';

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
  /** null: artifacts are stored as anybody can read them. */
  encryption: EncryptionSettings | null;
  /** Public keys `ed25519:…` whose signatures count, besides this host's own. */
  trust: string[];
  /** Who is told of what, in the order of the file. No operation is pinned to it. */
  notify: NotifierSettings[];
  deployments: Record<string, Deployment>;
  /** What is done to each deployment by itself: by the deployment's name. No operation is pinned to it. */
  routines: Record<string, Routine>;
}

export type TemporalSettings = { kind: 'embedded' } | { kind: 'address'; address: string; namespace: string };

export interface Deployment {
  name: string;
  databases: DatabaseSettings[];
  trees: TreeSettings[];
  /** Stopped for a restore in this order, started in the reverse one. */
  services: ServiceSettings[];
  hooks: HookSettings;
  health: HealthSettings;
  /** Names; the first one is the primary. */
  repositories: string[];
  /** What its references stand for is stored with every backup, encrypted; left out where it is not. */
  sealSecrets?: true;
  keepPreviousMs: number;
  approveWithinMs: number;
  /** What each step of a restore may take while the application is down. */
  forwardWithinMs: number;
  /** How long services may be quiet while a backup is made. */
  maxPauseMs: number;
  stallTimeoutMs: number;
  /** What a drill asks, and where it restores; left out where nothing is said of it. */
  drill?: DrillSettings;
  /** SHA-256 of the canonical JSON of everything configured for it, references unresolved. */
  digest: string;
}

export interface DrillSettings {
  assertions: Assertion[];
  /** null: the deployment's own. Whatever database it names is not touched. */
  server: DatabaseSettings | null;
}

/** Holds when it gives one row with one true value. */
export interface Assertion {
  query: string;
  /** The configured name (`main`). */
  database: string;
}

interface DatabaseSource {
  name: string;
  /** Where it stands in the file: `deployments.edms.database`. */
  path: string;
  /** A reference. */
  password: string | null;
  /** Where the server runs, if its address is to be found through Docker. */
  container?: ContainerSettings;
}

export interface DatabaseByUrl extends DatabaseSource {
  kind: 'url';
  /** A reference, or a literal URL without a password. */
  url: string;
}

export interface DatabaseByParts extends DatabaseSource {
  kind: 'parts';
  /** Empty: the container's. */
  host: string;
  port: number;
  user: string;
  database: string;
}

export type DatabaseSettings = DatabaseByUrl | DatabaseByParts;

export interface TreeSettings {
  name: string;
  /**
   * Absolute and normalised; symbolic links are left as they are written. Of a volume `volume:NAME`, which is no path at
   * all, until it was looked up; an operation's record holds the path that was found.
   */
  path: string;
  /** A Docker volume's name. */
  volume?: string;
  /** Never swapped in: a restore puts it beside. Of `include` alone, relative names and globs; empty: all of it. */
  aside?: { include: string[] };
}
