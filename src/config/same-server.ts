// A deployment's databases are swapped in one transaction, so one server holds them all, each under a name of its own.
import { Failure } from '../domain/failure.js';
import type { DatabaseTarget } from './targets.js';

/** What tells one database of one server from another. */
export type ServerPlace = Pick<DatabaseTarget, 'name' | 'host' | 'port' | 'database'>;

/** Throws CONFIG_INVALID unless all targets are different databases of one server. A look at holdfast.yaml cannot settle it where URLs are references. */
export const sameServer = (targets: readonly ServerPlace[]): void => {
  const [first] = serverProblems(targets);
  if (first !== undefined) throw new Failure('CONFIG_INVALID', `database ${first.place.name} ${first.text}`);
};

/** For each place that does not go with the ones before it, why. */
export const serverProblems = <Place extends ServerPlace>(
  places: readonly Place[],
): { place: Place; text: string }[] =>
  places.flatMap((place, index) => {
    const text = conflict(place, places.slice(0, index));
    return text === null ? [] : [{ place, text }];
  });

const conflict = (place: ServerPlace, before: readonly ServerPlace[]): string | null => {
  const [main] = before;
  if (main === undefined) return null;
  if (serverOf(main) !== serverOf(place))
    return `is on ${shown(place)} but ${main.name} is on ${shown(main)}; the databases of a deployment are swapped in one transaction, so they must be on one server`;
  const twin = before.find(({ database }) => database === place.database);
  return twin === undefined ? null : `is the same database as ${twin.name}: ${twin.database}`;
};

/** Equal for two places exactly if they are on the same server, as far as their text tells. */
export const serverOf = ({ host, port }: ServerPlace): string =>
  `${LOOPBACK.has(host.toLowerCase()) ? 'localhost' : host.toLowerCase()} ${port}`;

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

const shown = ({ host, port }: ServerPlace): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
