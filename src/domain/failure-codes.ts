// Every way in which holdfast fails, in one place: exit code, whether trying again can help, and the next step.

interface FailureKind {
  exitCode: number;
  retryable: boolean;
  hint: string;
}

const kind = (exitCode: number, retryable: boolean, hint: string): FailureKind => ({
  exitCode,
  retryable,
  hint,
});

/** Exit codes are a promise to scripts: docs/exit-codes.md explains them. */
export const FAILURE_KINDS = {
  CONFIG_INVALID: kind(2, false, 'mend holdfast.yaml, then try again'),
  INPUT_INVALID: kind(2, false, 'see the command’s --help'),
  UNKNOWN_DEPLOYMENT: kind(2, false, 'name one of the deployments in holdfast.yaml'),
  UNKNOWN_BACKUP: kind(3, false, 'holdfast list shows the backups that exist'),
  UNKNOWN_RUN: kind(3, false, 'holdfast watch lists the open runs'),
  NOTHING_TO_UNDO: kind(3, false, 'holdfast list shows the backups that can be restored instead'),
  BUSY: kind(4, false, 'wait for it to end: holdfast watch'),
  AGENT_RUNNING: kind(4, false, 'stop the other agent, or give this one a state folder of its own'),
  NOT_APPROVED: kind(5, false, 'start the restore again and approve it'),
  PRUNE_STOPPED: kind(5, false, 'see what would go: holdfast prune --dry-run; if it is meant so: --force'),
  PLAN_CHANGED: kind(5, false, 'read the new plan and approve it again'),
  ROLLED_BACK: kind(6, false, 'what was there before is there again; mend the cause and start again'),
  ROLL_BACK_INCOMPLETE: kind(7, false, 'follow the steps that are named'),
  CORRUPT_ARTIFACT: kind(8, false, 'restore another backup: holdfast list'),
  CORRUPT_MANIFEST: kind(8, false, 'restore another backup: holdfast list'),
  UNSUPPORTED_MANIFEST: kind(8, false, 'install the holdfast that wrote it, or a newer one'),
  UNSIGNED: kind(8, false, 'restore another backup; or, if you know where it comes from: --allow-unsigned'),
  NOT_TRUSTED: kind(
    8,
    false,
    'if that key is yours, name it under trust in holdfast.yaml; else restore another backup',
  ),
  LOG_DAMAGED: kind(8, false, 'look for who can write into the repositories, and keep what is left'),
  KEY_MISSING: kind(1, false, 'name the key that decrypts in holdfast.yaml: encryption.identity'),
  WRONG_KEY: kind(1, false, 'use the key that belongs to one of its recipients'),
  ASSERTION_FAILED: kind(8, false, 'look at the backup’s data: holdfast show'),
  TEMPORAL_UNREACHABLE: kind(9, true, 'start the agent: holdfast up'),
  NO_AGENT: kind(9, true, 'start the agent: holdfast up'),
  TOOL_MISSING: kind(1, false, 'install the program'),
  TOOL_FAILED: kind(1, true, 'read the program’s last words above'),
  STALLED: kind(1, true, 'look for locks and for a slow disk or network'),
  VERSION_MISMATCH: kind(1, false, 'install the PostgreSQL client of the server’s major version'),
  DATABASE_UNREACHABLE: kind(1, true, 'check that the server runs and that host and port are right'),
  DATABASE_CREDENTIALS: kind(1, false, 'check user and password in holdfast.yaml'),
  UNKNOWN_DATABASE: kind(1, false, 'check the database’s name in holdfast.yaml'),
  DATABASE_RIGHTS: kind(1, false, 'give the role the right that is named, or use a superuser'),
  DATABASE_NOT_READY: kind(1, false, 'mend what is named, then try again'),
  PREPARED_TRANSACTIONS: kind(1, false, 'commit or roll them back: select * from pg_prepared_xacts'),
  UNREADABLE_FILES: kind(1, false, 'run the agent as a user who may read them'),
  TREE_MISSING: kind(1, false, 'check the path in holdfast.yaml'),
  TREE_NOT_SWAPPABLE: kind(1, false, 'mend what is named, then try again'),
  DISK_FULL: kind(1, false, 'free some space, then try again'),
  NOT_IDENTICAL: kind(1, false, 'restore another backup: holdfast list'),
  DOCKER_UNREACHABLE: kind(1, true, 'start the Docker engine: docker info shows whether it answers'),
  DOCKER_RIGHTS: kind(1, false, 'run the agent as root, or as a member of the group docker'),
  UNKNOWN_SERVICE: kind(1, false, 'check the service’s name in holdfast.yaml'),
  UNKNOWN_VOLUME: kind(1, false, 'docker volume ls shows the volumes that exist'),
  SERVICE_FAILED: kind(1, true, 'look at the service’s own log'),
  HOOK_FAILED: kind(1, false, 'read the command’s last words above'),
  UNHEALTHY: kind(1, false, 'look at the application’s log'),
  REPOSITORY_UNREACHABLE: kind(1, true, 'check that the repository is mounted and can be written'),
  REPOSITORY_CREDENTIALS: kind(1, false, 'check the repository’s credentials in holdfast.yaml'),
  REPOSITORY_RIGHTS: kind(1, false, 'allow the key to read, write, list and remove objects there'),
  OBJECT_LOCKED: kind(1, false, 'it can be removed once its lock is over'),
  NOT_OWNER: kind(4, false, 'another host writes there: give this one a repository or a name of its own'),
  NOTIFY_FAILED: kind(
    1,
    true,
    'check the address and whether this host reaches it: holdfast doctor --notify',
  ),
  OPERATION_LOST: kind(1, false, 'another run or a clean-up took over; start again'),
  STATE_DAMAGED: kind(1, false, 'put right by hand what the file stands for, then move it aside'),
  CANCELLED: kind(130, false, 'what was begun and not complete is undone'),
  UNEXPECTED: kind(1, true, 'please report it with the lines above'),
} satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURE_KINDS;

export const isFailureCode = (text: unknown): text is FailureCode =>
  typeof text === 'string' && Object.hasOwn(FAILURE_KINDS, text);
