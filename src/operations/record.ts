// The operation record: lock and journal in one. It is written before every effect, with concrete values, so that an
// interrupted operation can be finished or undone from it alone, without Temporal and without holdfast.yaml.
import type { Deployment, RepositorySettings } from '../config/config.js';
import type { DatabaseSwap } from '../database/swap.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import type { TreeSwap } from '../files/tree-swap.js';
import {
  createJson,
  listJson,
  operationFile,
  operationsFolder,
  readJson,
  removeFile,
  replaceJson,
} from './state-folder.js';

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

/** What a swap changes from and to. Databases and trees that are not in it stay as they are. */
export interface SwapIntent {
  databases: DatabaseSwap[];
  trees: TreeSwap[];
  /** When the live data was closed, ISO 8601: the start of the downtime. */
  closedAt: string;
}

export interface OperationRecord {
  version: 1;
  /** Ten hexadecimal digits. */
  id: string;
  deployment: string;
  kind: 'backup' | 'restore' | 'undo' | 'sweep';
  instance: string;
  holder: Holder | null;
  startedAt: string;
  /** `back` once its roll-back has begun: it never goes forward again. */
  direction: 'forward' | 'back';
  /** The backup that is made or restored; for an undo the one whose restore is undone. */
  backup: string;
  /** The configuration as it was pinned, secret references unresolved. */
  settings: { deployment: Deployment; repository: RepositorySettings };
  /** Side databases and folders that this operation makes, and nobody else. */
  sideDatabases: SideDatabase[];
  sideFolders: SideFolder[];
  swap: SwapIntent | null;
  /** The kept set that an undo puts back; empty otherwise. */
  undoes: string;
}

export const readRecord = async (state: string, deployment: string): Promise<OperationRecord | null> =>
  (await readJson(operationFile(state, deployment))) as OperationRecord | null;

export const listRecords = async (state: string): Promise<OperationRecord[]> => {
  const records = await Promise.all(
    (await listJson(operationsFolder(state))).map((name) => readRecord(state, name)),
  );
  return records.filter((record) => record !== null);
};

/** Takes the operation. Failure BUSY when another one has it; the same one again is success. */
export const takeOperation = async (
  state: string,
  record: OperationRecord,
  effect: Effect,
): Promise<void> => {
  const path = operationFile(state, record.deployment);
  if (await effect('take the operation', () => createJson(path, record))) return;
  const other = await readRecord(state, record.deployment);
  if (other?.id === record.id) return;
  const run = other?.holder?.workflowId ?? 'the agent';
  throw new Failure(
    'BUSY',
    `a ${other?.kind ?? 'operation'} of ${record.deployment} is in progress (${run})`,
    {
      hint: other?.holder ? `wait for it: holdfast watch ${run}` : 'try again in a minute',
    },
  );
};

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
