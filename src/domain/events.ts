// What somebody is told: that a run began, ended or is late, that a tier has no backup in time, that a restore waits. Both the
// workflows and the agent make them.

export const EVENT_KINDS = [
  'started',
  'succeeded',
  'failed',
  'late',
  'recovered',
  'overdue',
  'restore-waiting',
  'restore-ended',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** Runs that are told of. `doctor` and `settle` answer whoever asked. */
export const TOLD_RUNS = ['backup', 'restore', 'drill', 'verify', 'copy', 'prune'] as const;

export type ToldRun = (typeof TOLD_RUNS)[number];

/** The cause of a run that somebody cancelled. */
export const CANCELLED = 'cancelled';

/** What happened, in few words: no secret is in it, and less than 4 kB. */
export interface Happening {
  /** The same id again is the same event: it is told once. */
  id: string;
  kind: EventKind;
  /** Empty: all of them, or the input named none. */
  deployment: string;
  what: ToldRun;
  /** Empty: it makes no backup. */
  tier: string;
  /** null: it is about no run. */
  run: { workflowId: string; runId: string } | null;
  /** ISO 8601. */
  at: string;
  /** One sentence; empty: nothing went wrong. */
  cause: string;
  hint: string;
  /** How far the run came, and a program's last words. */
  log: string;
  /** Somebody started it while another run had the deployment: nothing is wrong. */
  refused?: true;
}

/** A backup and when it was made or proved, ISO 8601. */
export interface DatedBackup {
  backup: string;
  at: string;
}

/** What else somebody wants to know at night. */
export interface Surroundings {
  /** Where the agent runs. */
  host: string;
  /** Whether it is tried again by itself; `at`: when, ISO 8601, where that is known. */
  retry: { again: boolean; at: string | null };
  newestGood: DatedBackup | null;
  newestProved: DatedBackup | null;
  /** Why they are not known; empty: they are, and null means that there is none. */
  unknown: string;
  /** The one to give next. */
  command: string;
  /** An IANA name: the one that its moments are shown in. */
  timezone: string;
}

/** All that a notifier is given. */
export interface NotifyEvent extends Happening, Surroundings {
  /** `backup of edms (daily) failed on web1`. */
  title: string;
  /** Nothing happened: somebody tries the notifiers out. */
  test: boolean;
}

/** `backup of edms (daily)`. */
export const subjectOf = ({ what, deployment, tier }: Pick<Happening, 'what' | 'deployment' | 'tier'>) =>
  `${what} of ${deployment === '' ? 'all deployments' : deployment}${tier === '' ? '' : ` (${tier})`}`;

/** @param test says so in front of everything else */
export const titleOf = (
  event: Pick<Happening, 'kind' | 'what' | 'deployment' | 'tier' | 'refused'>,
  { host, test = false }: { host: string; test?: boolean },
): string => {
  const predicate = event.refused ? 'was refused' : PREDICATES[event.kind];
  return `${test ? 'TEST: ' : ''}${subjectOf(event)} ${predicate} on ${host}`;
};

const PREDICATES: Record<EventKind, string> = {
  started: 'started',
  succeeded: 'succeeded',
  failed: 'failed',
  late: 'is late',
  recovered: 'works again',
  overdue: 'is overdue',
  'restore-waiting': 'waits for approval',
  'restore-ended': 'ended',
};

/** Somebody has to look. Who is refused was told so at once. */
export const isTrouble = ({ kind, refused }: Pick<Happening, 'kind' | 'refused'>): boolean =>
  refused !== true && (kind === 'failed' || kind === 'late' || kind === 'overdue');
