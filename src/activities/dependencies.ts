// What activities are given: the only dependency injection.
import type { Config } from '../config/config.js';
import type { Slots } from '../operations/agent/slots.js';
import type { Turns } from '../operations/agent/turns.js';
import type { Host } from '../operations/context.js';
import type { Holder, RunState } from '../operations/record.js';

export interface Dependencies extends Host {
  /** Read anew by every activity: an edited holdfast.yaml needs no restart, and `plan` pins what it read. */
  loadConfig: () => Promise<Config>;
  /** Where the runs of this agent live, for the holder of an operation: `embedded` or an address, and the namespace. */
  temporal: { temporal: string; namespace: string };
  /** For the long steps of backups. */
  backupSlots: Slots;
  /** By the name of the repository that is filled. */
  copyTurns: Turns;
  /** Whether a holder's run is still open. */
  runState: (holder: Holder) => Promise<RunState>;
}
