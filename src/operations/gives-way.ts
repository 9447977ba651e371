// Which operation a restore does not wait for: a backup that a schedule started is made again at its next moment. What
// somebody started is theirs to cancel.
import type { Holder, OperationRecord } from './record.js';

/** @param home where this agent's runs live: others could not be cancelled */
export const givesWay = (
  { kind, scheduledFor, holder }: Pick<OperationRecord, 'kind' | 'scheduledFor' | 'holder'>,
  home: Pick<Holder, 'temporal' | 'namespace'>,
): boolean =>
  kind === 'backup' &&
  scheduledFor !== undefined &&
  holder?.temporal === home.temporal &&
  holder.namespace === home.namespace;
