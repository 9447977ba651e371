// The operation record: lock and journal in one. It is written before every effect, with concrete values, so that an
// interrupted operation can be finished or undone from it alone, without Temporal and without holdfast.yaml.
import type { Deployment, EncryptionSettings, RepositorySettings } from '../config/config.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import type { PutAside } from '../files/put-aside.js';
import { readState } from './read-state.js';
import { recordSchema } from './record-schema.js';
import type { RecordedDrill } from './recorded-drill.js';
import type { InPlaceRestore } from './recorded-in-place.js';
import type { RecordedServices } from './recorded-services.js';
import type { SwapIntent } from './recorded-swap.js';
import {
  createJson,
  listJson,
  operationFile,
  operationsFolder,
  removeFile,
  replaceJson,
} from './state-folder.js';

/** `unknown`: Temporal could not be asked. A run that it does not know is closed. */
export type RunState = 'open' | 'closed' | 'unknown';

/** The run that an operation belongs to; null: the agent itself (the sweep of what restores replaced). */
export interface Holder {
  workflowId: string;
  firstRunId: string;
  /** `embedded`, or the address that the agent was connected to. */
  temporal: string;
  namespace: string;
}

export interface SideDatabase {
  /** The configured name (`main`). */
  database: string;
  name: string;
  comment: string;
  /** null until it is created. */
  oid: number | null;
}

/** A folder that this operation makes beside (or inside) a tree. */
export interface SideFolder {
  tree: string;
  path: string;
}

/** The configuration as it was pinned, secret references unresolved. */
export interface OperationSettings {
  deployment: Deployment;
  repository: RepositorySettings;
  /** null: what is stored is not encrypted, and what is encrypted cannot be read. */
  encryption: EncryptionSettings | null;
}

export interface OperationRecord {
  version: 1;
  /** Ten hexadecimal digits. */
  id: string;
  deployment: string;
  kind: 'backup' | 'restore' | 'undo' | 'sweep' | 'drill';
  instance: string;
  holder: Holder | null;
  startedAt: string;
  /** Of a backup: the moment of its tier's schedule. Missing: somebody started it. */
  scheduledFor?: string;
  /** `back` once its roll-back has begun: it never goes forward again. */
  direction: 'forward' | 'back';
  /** The backup that is made or restored; for an undo the one whose restore is undone. */
  backup: string;
  settings: OperationSettings;
  /** Side databases and folders that this operation makes, and nobody else. */
  sideDatabases: SideDatabase[];
  sideFolders: SideFolder[];
  /** Those of them that are never swapped in: where they stay. Operations of earlier versions have none. */
  aside?: PutAside[];
  swap: SwapIntent | null;
  /** null: this operation restores nothing in place. */
  inPlace: InPlaceRestore | null;
  /** Of a drill, which only stages; others have none. */
  drill?: RecordedDrill;
  /** null: none has been touched. */
  services: RecordedServices | null;
  /** Services that a restore stopped stay so when it succeeds. */
  leaveStopped: boolean;
  /** The commands between swap and start have run. */
  hooksDone: boolean;
  /** The kept set that an undo puts back; empty otherwise. */
  undoes: string;
  /** For the log: who approved a restore, as the client said; what of the backup it restores; who has signed it, if nobody trusted. */
  approvedBy?: string;
  only?: string[];
  unsigned?: string;
}

/** Whom a backup's artifacts are encrypted to. */
export const recipientsOf = ({ settings }: Pick<OperationRecord, 'settings'>): readonly string[] =>
  settings.encryption?.recipients ?? [];

/** null: the deployment is free. Failure STATE_DAMAGED when the record cannot be read. */
export const readRecord = (state: string, deployment: string): Promise<OperationRecord | null> =>
  readState<OperationRecord>(operationFile(state, deployment), deployment, recordSchema);

/** Deployments that have a record, readable or not. */
export const listOperations = (state: string): Promise<string[]> => listJson(operationsFolder(state));

/** Takes the operation. Failure BUSY when another one has it; the same one again is success. */
export const takeOperation = async (
  state: string,
  record: OperationRecord,
  effect: Effect,
): Promise<void> => {
  const path = operationFile(state, record.deployment);
  if (await effect('take the operation', () => createJson(path, record))) return;
  const other = await readRecord(state, record.deployment);
  if (other === null) return takeOperation(state, record, effect);
  if (other.id !== record.id) throw busy(other);
};

export const busy = ({ deployment, kind, holder }: OperationRecord): Failure =>
  new Failure('BUSY', `a ${kind} of ${deployment} is in progress (${holder?.workflowId ?? 'the agent'})`, {
    hint: holder ? `wait for it: holdfast watch ${holder.workflowId}` : 'try again in a minute',
  });

/** The operation, when it is still this one and still goes forward; else Failure OPERATION_LOST. */
export const heldOperation = async (
  state: string,
  { deployment, operation, instance }: { deployment: string; operation: string; instance: string },
): Promise<OperationRecord> => {
  const record = await readRecord(state, deployment);
  if (record?.id !== operation || record.instance !== instance) {
    throw new Failure('OPERATION_LOST', `this run no longer has the operation on ${deployment}`);
  }
  if (record.direction === 'back') {
    throw new Failure('OPERATION_LOST', `the operation on ${deployment} is being rolled back`);
  }
  return record;
};

export const writeRecord = (state: string, record: OperationRecord, effect: Effect): Promise<void> =>
  effect('write the operation record', () => replaceJson(operationFile(state, record.deployment), record));

export const releaseOperation = (state: string, deployment: string, effect: Effect): Promise<void> =>
  effect('release the operation', () => removeFile(operationFile(state, deployment)));
