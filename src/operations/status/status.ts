// What `holdfast status` knows: did it work? From repositories and the state folder alone.
import type { RepositorySettings } from '../../config/config.js';
import type { OverdueTier } from '../../domain/overdue.js';
import type { NotifierState } from '../notify/notifier-state.js';
import type { Trouble } from '../notify/troubles.js';
import type { StateRoom } from '../state-room.js';

export interface Status {
  /** ISO 8601, as all times. */
  at: string;
  timezone: string;
  agent: AgentStatus;
  /** Its disk; null: it is not known. */
  state: StateRoom | null;
  repositories: RepositoryStatus[];
  /** Those of the configuration that were given something, or are to be. */
  notifiers: NotifierState[];
  /** Of runs that were for all deployments. */
  troubles: Trouble[];
  /** What of the host's state cannot be read. */
  unreadable: Unreadable[];
  deployments: DeploymentStatus[];
}

/** Of this state folder. */
export interface AgentStatus {
  running: boolean;
  /** Its process; null: it is not known. */
  process: number | null;
}

export interface RepositoryStatus {
  repository: string;
  kind: RepositorySettings['kind'];
  /** Why it does not answer; empty: it does. */
  problem: string;
  /** Of a local one; null: it is not known. */
  freeBytes: number | null;
}

export interface DeploymentStatus {
  deployment: string;
  /** The newest good one that is not a safety backup; null: none is known. */
  last: LastBackup | null;
  /** When the oldest good one was made; null: none is known. */
  oldest: string | null;
  /** By the configuration, without those that are paused. */
  next: { name: string; at: string }[];
  /** As the agent that runs has seen them within a minute. */
  paused: { name: string; since: string; note: string }[];
  copies: CopyStatus[];
  proof: ProofStatus;
  /** When each repository was last read again; null: never. */
  verified: { repository: string; at: string | null; outcome: string }[];
  /** How much bigger the newest backup is than one of its type a week and a month before; null: there is none so old. */
  growth: { weekBytes: number | null; monthBytes: number | null };
  /** What restores replaced. */
  kept: { operation: string; backup: string; replacedAt: string; until: string }[];
  leftovers: { repository: string; key: string; reason: string }[];
  overdue: OverdueTier[];
  /** Tiers whose moment has passed, and that are not overdue yet. */
  waiting: { name: string; dueAt: string }[];
  /** Of the last thirty days: how many of a schedule's moments came to nothing, and the last few of them. */
  missed: { name: string; count: number; moments: string[] }[];
  operation: OperationStatus | null;
  /** Runs that failed and have not succeeded since. */
  troubles: Trouble[];
  log: { entries: number; last: string | null; gaps: number; problems: number };
  /** What of its state cannot be read. */
  unreadable: Unreadable[];
}

export interface Unreadable {
  message: string;
  hint: string;
}

export interface LastBackup {
  backup: string;
  at: string;
  tiers: string[];
  bytes: number;
  repositories: string[];
}

export interface CopyStatus {
  repository: string;
  /** Why nothing is known of it; empty: it answers. */
  problem: string;
  /** How many it holds whole, as far as is known, and their stored bytes. */
  backups: number;
  bytes: number;
  /** What it is to hold by its own rules and does not, newest first; of those, what is being copied now. */
  missing: string[];
  copying: string[];
  /** What lies there and is no good backup, and why. */
  doubtful: { backup: string; problem: string; damaged: boolean }[];
}

export interface ProofStatus {
  maxAgeMs: number;
  /** The newest one; null: never. */
  last: { backup: string; at: string; by: 'drill' | 'restore' } | null;
  /** What the last drill measured. */
  recovery: { ms: number; rawBytes: number } | null;
  /** A drill that failed after the last proof. */
  failed: { backup: string; at: string; reason: string } | null;
}

export interface OperationStatus {
  kind: 'backup' | 'restore' | 'undo' | 'sweep' | 'drill';
  backup: string;
  startedAt: string;
  /** The run that it belongs to; empty: the agent itself. */
  run: string;
  /** It is being rolled back. */
  back: boolean;
  /** Nobody is at it: no agent runs. */
  interrupted: boolean;
}
