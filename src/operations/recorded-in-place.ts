// What an operation record holds of a restore in place.
import type { RepositorySettings } from '../config/config.js';
import type { LiveObjects } from '../database/live-objects.js';

/** A restore into the live databases themselves, each in one transaction of its own. */
export interface InPlaceRestore {
  /** The backup of what was there; null: none was to be made. */
  safety: { backup: string; repository: RepositorySettings } | null;
  databases: InPlaceDatabase[];
}

export interface InPlaceDatabase {
  /** The configured name (`main`). */
  database: string;
  /** The tables of the backup: by them it is seen whether the transaction has committed. */
  tables: { schema: string; name: string }[];
  /** What was there before the transaction began; null until then. */
  before: LiveObjects | null;
  /** The roll-back has put it back. */
  undone: boolean;
}
