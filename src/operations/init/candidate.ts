// One database that could be backed up, and the application that was found around it.
import type { DatabaseDraft, FolderDraft, ServicesDraft } from './draft.js';

export interface Candidate {
  /** How it was found. The earlier kind is the likelier one to be meant: see KINDS. */
  kind: (typeof KINDS)[number];
  /** For people: `service db of the Compose project edms`. */
  label: string;
  /** What the deployment would be called. */
  name: string;
  database: DatabaseDraft;
  folders: FolderDraft[];
  services: ServicesDraft | null;
  /** What was seen and left out, and why. */
  remarks: string[];
}

/** Of this folder's Compose project; in `DATABASE_URL`; of a project elsewhere on this host; on this host's socket. */
export const KINDS = ['here', 'variable', 'elsewhere', 'socket'] as const;

/** A variable that is set in a file and not in this process's environment. */
export interface FileVariable {
  name: string;
  value: string;
  file: string;
}
