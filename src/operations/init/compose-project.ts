// A Compose project as holdfast looks at it, whether it was read from its file or from the containers that exist.

export interface ComposeProject {
  name: string;
  /** Where its file lies; null: its containers do not say. */
  folder: string | null;
  services: ComposeService[];
}

export interface ComposeService {
  name: string;
  /** As it was asked for: `postgres:16`. Empty: it is built. */
  image: string;
  /** What `docker exec` calls it. */
  container: string;
  /** Values may be secrets: they are compared, never repeated. */
  environment: Readonly<Record<string, string>>;
  dependsOn: string[];
  mounts: ComposeMount[];
  hasHealthCheck: boolean;
}

/** `target` is the path inside. */
export type ComposeMount =
  | { kind: 'volume'; volume: string; target: string }
  | { kind: 'bind'; path: string; target: string };

/** What tells one mount from another, whoever mounts it. */
export const sourceOf = (mount: ComposeMount): string =>
  mount.kind === 'volume' ? `volume ${mount.volume}` : mount.path;

/** Of lines `NAME=value`. A name alone is there, and nothing is known of it. */
export const variablesIn = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.map((line) => [line.replace(/=.*$/s, ''), line.replace(/^[^=]*=?/s, '')]));

const POSTGRES_IMAGES: ReadonlySet<string> = new Set([
  ...['postgres', 'postgresql', 'postgis', 'pgvector', 'pgvecto-rs', 'pgrouting'],
  ...['timescaledb', 'timescaledb-ha', 'paradedb', 'citus', 'spilo-16', 'spilo-17'],
]);

const DATA_FOLDERS = /^\/(?:var\/lib\/postgresql|bitnami\/postgresql|home\/postgres\/pgdata)(?:\/|$)/;

/**
 * By its image's name. An image of one's own is known by the variables that PostgreSQL's image takes together with the folder
 * of its data: applications are often given those variables too.
 */
export const isPostgres = ({ image, environment, mounts }: ComposeService): boolean =>
  POSTGRES_IMAGES.has(imageName(image)) ||
  (Object.keys(environment).some((name) => /^POSTGRES(QL)?_(PASSWORD|PASSWORD_FILE|DB|USER)$/.test(name)) &&
    mounts.some(({ target }) => DATA_FOLDERS.test(target)));

/** `postgis` of `registry.example.com:5000/postgis/postgis:16-3.4@sha256:…`. */
const imageName = (image: string): string =>
  (image.split('@')[0] ?? '').replace(/:[^:/]*$/, '').replace(/^.*\//, '');
