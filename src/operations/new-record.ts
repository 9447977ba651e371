// The record that an operation begins with: nothing is made or touched but what is said of it.
import { sideDatabaseName } from '../domain/names.js';
import type { OperationKey } from '../domain/plans.js';
import { type Host, sideComment } from './context.js';
import type { Holder, OperationRecord, SideDatabase } from './record.js';

type Stated = 'kind' | 'startedAt' | 'backup' | 'settings';

export const newRecord = (
  known: Pick<OperationRecord, Stated | 'id' | 'deployment' | 'instance' | 'holder'> &
    Partial<OperationRecord>,
): OperationRecord => ({
  version: 1,
  direction: 'forward',
  sideDatabases: [],
  sideFolders: [],
  swap: null,
  inPlace: null,
  services: null,
  leaveStopped: false,
  hooksDone: false,
  undoes: '',
  ...known,
});

/** Of a run: who holds it is what its plan says. */
export const plannedRecord = (
  { operation, deployment, instance, run }: OperationKey,
  temporal: Pick<Holder, 'temporal' | 'namespace'>,
  known: Pick<OperationRecord, Stated> & Partial<OperationRecord>,
): OperationRecord =>
  newRecord({ id: operation, deployment, instance, holder: { ...run, ...temporal }, ...known });

/** One for each database that is restored, none of them made yet. */
export const sideDatabasesOf = (
  operation: string,
  host: Pick<Host, 'instance'>,
  databases: readonly string[],
): SideDatabase[] =>
  databases.map((database, index) => ({
    database,
    name: sideDatabaseName(operation, 'new', index),
    comment: sideComment(host, operation, 'new'),
    oid: null,
  }));
