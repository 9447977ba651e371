// What a deployment runs besides its databases and files, how its health is seen, and what it runs around a backup or a
// restore: as configured, with nothing looked up.

/** What happens to a service while a backup is made: `pause` and `stop` make databases and files one moment's. */
export type DuringBackup = 'keep' | 'pause' | 'stop';

export type ServiceSettings = { duringBackup: DuringBackup } & (
  | { kind: 'compose'; project: string; services: string[] }
  | { kind: 'container'; name: string }
  | { kind: 'systemd'; unit: string }
  | { kind: 'command'; stop: string[]; start: string[]; status: string[] }
);

/** Where something runs, if it runs in a container. */
export type ContainerSettings =
  | { kind: 'compose'; project: string; service: string }
  | { kind: 'container'; name: string };

/** Commands as argv: each is run without a shell. */
export interface HookSettings {
  beforeBackup: string[][];
  afterBackup: string[][];
  afterRestore: string[][];
}

export interface HealthSettings {
  /** How long a restored application may take to become healthy. */
  withinMs: number;
  checks: HealthCheckSettings[];
}

export type HealthCheckSettings =
  | {
      kind: 'http';
      url: string;
      /** Expected status code. */
      status: number;
      /** Text that the body must contain. */
      contains: string | null;
      /** A value in a JSON body, by path (`checks.database` or `items.0.state`) and what it must be. */
      json: { path: string; equals: string | number | boolean | null } | null;
    }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'command'; command: string[] }
  /** Its first value must be true. `database`: a configured name. */
  | { kind: 'sql'; database: string; query: string }
  /** Running, and healthy where the image has a health check. */
  | { kind: 'container'; container: ContainerSettings };
