// What must hold between a deployment's health checks and its databases.
import { suggestion } from './nearest.js';
import type { Path, Problem } from './problem.js';
import type { HealthShape } from './schema-health.js';
import type { Sound } from './sound-part.js';

/** @param path the deployment's. @param databases the names of its databases */
export const healthProblems = (
  health: Sound<HealthShape> | undefined,
  databases: readonly string[],
  path: Path,
): Problem[] =>
  (health?.checks ?? []).flatMap((check, index) => {
    const sql = check?.sql;
    if (sql === undefined) return [];
    const place = [...path, 'health', 'checks', index, 'sql'];
    if (databases.length === 0)
      return [{ path: place, text: 'asks a database, and this deployment has none' }];
    if (sql.database === undefined || databases.includes(sql.database)) return [];
    const known = suggestion(sql.database, databases, 'ones');
    return [
      {
        path: [...place, 'database'],
        text: `names ${sql.database}, which is not a database of this deployment${known}`,
      },
    ];
  });
