// What must hold between a deployment's drill and its databases.
import { suggestion } from './nearest.js';
import type { Path, Problem } from './problem.js';
import type { DrillShape } from './schema-drill.js';
import type { Sound } from './sound-part.js';

/** @param path the deployment's. @param databases the names of its databases */
export const drillProblems = (
  drill: Sound<DrillShape> | undefined,
  databases: readonly string[],
  path: Path,
): Problem[] =>
  (drill?.assertions ?? []).flatMap((assertion, index) => {
    if (assertion === undefined) return [];
    const place = [...path, 'drill', 'assertions', index];
    if (databases.length === 0)
      return [{ path: place, text: 'asks a database, and this deployment has none' }];
    const database = typeof assertion === 'string' ? undefined : assertion.database;
    if (database === undefined || databases.includes(database)) return [];
    const known = suggestion(database, databases, 'ones');
    return [
      {
        path: [...place, 'database'],
        text: `names ${database}, which is not a database of this deployment${known}`,
      },
    ];
  });
