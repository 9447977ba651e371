// What `holdfast init` is about to write, before it is text.

export interface Draft {
  /** Absolute: where it will stand. */
  file: string;
  deployment: string;
  /** Absolute; null: the usual one. */
  state: string | null;
  /** Absolute: the folder of the first repository. */
  repository: string;
  /** null: files alone. */
  database: DatabaseDraft | null;
  folders: FolderDraft[];
  services: ServicesDraft | null;
  /** Names out of USUAL_KEEP. */
  tiers: string[];
  encryption: { recipient: string; identity: string } | null;
  /** A mail address or a reference to a URL; null: nobody is told yet. */
  notify: string | null;
}

/** Passwords and URLs are references. What is null in `parts` is left for somebody to fill in. */
export type DatabaseDraft =
  | { kind: 'url'; url: string; remarks: string[] }
  | {
      kind: 'compose';
      project: string;
      service: string;
      name: string;
      user: string;
      /** null: it asks for none. */
      password: string | null;
    }
  | {
      kind: 'parts';
      host: string | null;
      port: number | null;
      name: string | null;
      user: string | null;
      password: 'none' | 'unknown';
    };

export type FolderDraft = { name: string; path: string } | { name: string; volume: string };

export interface ServicesDraft {
  project: string;
  services: string[];
  /** Those of them that say themselves whether they are well. */
  healthy: string[];
}

/** How many scheduled moments of each are kept: enough for a week of days, a month of weeks, a year of months. */
export const USUAL_KEEP: Readonly<Record<string, number>> = { hourly: 24, daily: 7, weekly: 4, monthly: 12 };

export const USUAL_TIERS: readonly string[] = ['daily', 'weekly', 'monthly'];
