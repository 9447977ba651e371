// What the state folder says of one deployment: what is being done to it, what restores replaced, what is being copied.
import { asFailure } from '../../domain/failure.js';
import { type CopyLease, readLeases } from '../copies/copy-lease.js';
import { readHolds } from '../holds.js';
import { readTroubles, type Trouble } from '../notify/troubles.js';
import { type OperationRecord, readRecord } from '../record.js';
import { listKept } from '../swap/kept.js';
import { readPauses } from './pauses.js';
import type { AgentStatus, DeploymentStatus, OperationStatus } from './status.js';

export interface HostState extends Pick<DeploymentStatus, 'operation' | 'kept' | 'paused' | 'unreadable'> {
  /** None, when nobody is at them. */
  leases: CopyLease[];
  /** Runs that failed, whether or not they still count. */
  troubles: Trouble[];
}

export const readHostState = async (
  state: string,
  deployment: string,
  { running }: Pick<AgentStatus, 'running'>,
): Promise<HostState> => {
  const unreadable: HostState['unreadable'] = [];
  const otherwise =
    <T>(nothing: T) =>
    (error: unknown): T => {
      const { message, hint } = asFailure(error);
      unreadable.push({ message, hint });
      return nothing;
    };
  const record = await readRecord(state, deployment).catch(otherwise(null));
  const kept = await listKept(state, deployment).catch(otherwise([]));
  const leases = await readLeases(state, deployment).catch(otherwise([]));
  const holds = await readHolds(state, deployment).catch(otherwise({ unreadable: [] }));
  unreadable.push(...holds.unreadable);
  const troubles = await readTroubles(state, deployment).catch(otherwise([]));
  const pauses = running ? await readPauses(state) : [];
  return {
    paused: pauses.flatMap((pause) => {
      const { name, since, note } = pause;
      return pause.deployment === deployment ? [{ name, since, note }] : [];
    }),
    operation: record === null ? null : operationOf(record, running),
    kept: kept.map(({ operation, backup, replacedAt, until }) => ({ operation, backup, replacedAt, until })),
    leases: running ? leases : [],
    troubles,
    unreadable,
  };
};

const operationOf = (record: OperationRecord, running: boolean): OperationStatus => ({
  ...{ kind: record.kind, backup: record.backup, startedAt: record.startedAt },
  ...{ run: record.holder?.workflowId ?? '', back: record.direction === 'back', interrupted: !running },
});
