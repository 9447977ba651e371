// What a restore replaced and keeps for a while: the previous databases and folders, for `undo`.
import { join } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { readState } from '../read-state.js';
import type { OperationSettings } from '../record.js';
import { keptSchema } from '../record-schema.js';
import { keptFolder, listJson, removeFile, replaceJson } from '../state-folder.js';

export interface KeptDatabase {
  /** The configured name, the name that applications use, and the side name under which the previous one is kept. */
  database: string;
  live: string;
  side: string;
  comment: string;
  oid: number;
}

export interface KeptTree {
  tree: string;
  live: string;
  folder: string;
}

export interface KeptSet {
  version: 1;
  /** The operation that replaced it: ten hexadecimal digits. */
  operation: string;
  instance: string;
  deployment: string;
  /** The backup that was restored over it. */
  backup: string;
  replacedAt: string;
  /** From then on a sweep drops it. ISO 8601. */
  until: string;
  settings: OperationSettings;
  databases: KeptDatabase[];
  trees: KeptTree[];
  /** What was not there before the restore and so cannot be put back: `database main`, `files storage`. */
  absent: string[];
  /** Nothing is kept of what was restored in place: there is the safety backup; empty: there is none. */
  inPlace?: { safety: string };
}

const fileOf = (state: string, deployment: string, operation: string) =>
  join(keptFolder(state, deployment), `${operation}.json`);

/** null: it is not kept any more. Failure STATE_DAMAGED when its file cannot be read. */
export const readKept = (state: string, deployment: string, operation: string): Promise<KeptSet | null> =>
  readState<KeptSet>(fileOf(state, deployment, operation), deployment, keptSchema);

/** Newest first. */
export const listKept = async (state: string, deployment: string): Promise<KeptSet[]> => {
  const names = await listJson(keptFolder(state, deployment));
  const sets = await Promise.all(names.map((name) => readKept(state, deployment, name)));
  return sets.filter((set) => set !== null).sort((a, b) => b.replacedAt.localeCompare(a.replacedAt));
};

export const writeKept = (state: string, kept: KeptSet, effect: Effect): Promise<void> =>
  effect('remember what was replaced', () =>
    replaceJson(fileOf(state, kept.deployment, kept.operation), kept),
  );

export const forgetKept = (
  state: string,
  { deployment, operation }: { deployment: string; operation: string },
  effect: Effect,
) => effect('forget what was replaced', () => removeFile(fileOf(state, deployment, operation)));
