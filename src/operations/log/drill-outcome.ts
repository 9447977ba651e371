// What a drill came to, into the log: under its record, so that one whose agent was killed is noted too.
import type { DrillOutcome } from '../../domain/drills.js';
import type { Effect } from '../../domain/effect.js';
import type { Host } from '../context.js';
import { type OperationRecord, writeRecord } from '../record.js';
import { noteEvent } from './log.js';

/** Before anything is dropped. The first outcome stays. */
export const recordOutcome = async (
  record: OperationRecord,
  outcome: DrillOutcome,
  { state, effect }: { state: string; effect: Effect },
): Promise<OperationRecord> => {
  const { drill } = record;
  if (drill === undefined || drill.outcome !== null) return record;
  const known = { ...record, drill: { ...drill, outcome } };
  await writeRecord(state, known, effect);
  return known;
};

const INTERRUPTED: DrillOutcome = { outcome: 'failed', facts: { reason: 'it was interrupted' } };

/** Nothing for an operation of another kind. */
export const noteDrill = async (record: OperationRecord, host: Host): Promise<void> => {
  if (record.kind !== 'drill') return;
  const { outcome, facts } = record.drill?.outcome ?? INTERRUPTED;
  const repository = record.settings.repository.name;
  await noteEvent(host, {
    deployment: record.deployment,
    kind: 'drill',
    id: record.id,
    at: new Date().toISOString(),
    backup: record.backup,
    outcome,
    facts: { repository, ...facts },
  });
};
