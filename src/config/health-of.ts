// Health checks as the rest of holdfast sees them: with their defaults.
import { parseDuration } from './duration.js';
import { type HealthShape, parsePlace } from './schema-health.js';
import type { HealthCheckSettings, HealthSettings } from './service-settings.js';
import { containerOf } from './services-of.js';

const WITHIN_MS = 120_000;

/** @param databases the deployment's, by their names: a query without one is for the first */
export const healthOf = (shape: HealthShape | undefined, databases: readonly string[]): HealthSettings => ({
  withinMs: shape?.within === undefined ? WITHIN_MS : (parseDuration(shape.within) ?? WITHIN_MS),
  checks: (shape?.checks ?? []).flatMap((check) => checkOf(check, databases[0] ?? '') ?? []),
});

type CheckShape = HealthShape['checks'][number];

const checkOf = (shape: CheckShape, database: string): HealthCheckSettings | null => {
  const { http, tcp, command, sql, container } = shape;
  if (http !== undefined) return httpOf(http);
  if (tcp !== undefined) return tcpOf(tcp);
  if (command !== undefined) return { kind: 'command', command };
  if (sql !== undefined) return { kind: 'sql', query: sql.query, database: sql.database ?? database };
  return container === undefined ? null : { kind: 'container', container: containerOf(container) };
};

const httpOf = (http: NonNullable<CheckShape['http']>): HealthCheckSettings => {
  const { url, status = 200, contains = null, json = null } = http;
  return { kind: 'http', url, status, contains, json };
};

const tcpOf = (tcp: NonNullable<CheckShape['tcp']>): HealthCheckSettings | null => {
  const place = typeof tcp === 'string' ? parsePlace(tcp) : tcp;
  return place === null ? null : { kind: 'tcp', ...place };
};
