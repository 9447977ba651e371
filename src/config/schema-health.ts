// How holdfast.yaml says when an application is healthy: checks of several kinds, all of which must pass.
import { z } from 'zod';
import { argv } from './schema-argv.js';
import { httpCheck } from './schema-health-http.js';
import { containerSchema } from './schema-services.js';
import { duration, text } from './schema-values.js';
import { section } from './section.js';
import { hostProblem, parsePort } from './server-parts.js';

const host = z
  .string()
  .refine((value) => value !== '' && !value.startsWith('/') && hostProblem(value) === null, {
    error: 'must be a host name or an address',
  });

const PORT_RULE = 'must be a number from 1 to 65535';

/** HOST:PORT, an IPv6 address in brackets; null for anything else. */
export const parsePlace = (value: string): { host: string; port: number } | null => {
  const [, ipv6, name, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(value) ?? [];
  const parts = { host: ipv6 ?? name ?? '', port: parsePort(digits ?? '') };
  return host.safeParse(parts.host).success && parts.port !== null ? { ...parts, port: parts.port } : null;
};

const tcp = z.union([
  z
    .string()
    .refine((value) => parsePlace(value) !== null, 'must be HOST:PORT, such as localhost:8000')
    .meta({ description: 'HOST:PORT' }),
  section({ host, port: z.int(PORT_RULE).min(1, PORT_RULE).max(65_535, PORT_RULE) }),
]);

const sql = section({
  query: z
    .string()
    .refine(
      (query) => query.trim() !== '' && !query.includes('\0'),
      'must be a query whose first value is true',
    )
    .meta({ description: 'its first value must be true' }),
  database: text('one of this deployment’s; the first one if it is left out').optional(),
});

const KINDS = {
  http: httpCheck.optional(),
  tcp: tcp.optional(),
  command: argv('must exit with 0').optional(),
  sql: sql.optional(),
  container: containerSchema.optional().meta({ description: 'must run, and be healthy where it says so' }),
};

const KIND_NAMES = Object.keys(KINDS);

const check = section(KINDS)
  .superRefine((value, context) => {
    const kinds = KIND_NAMES.filter((kind) => Object.hasOwn(value, kind));
    // A mistyped key is a problem of its own already.
    const mistyped = kinds.length === 0 && context.issues.length > 0;
    if (kinds.length !== 1 && !mistyped) context.addIssue({ code: 'custom', message: kindProblem(kinds) });
  })
  .meta({ minProperties: 1, maxProperties: 1 });

const kindProblem = (kinds: readonly string[]): string =>
  kinds.length === 0
    ? `needs one of ${KIND_NAMES.join(', ')}`
    : `has ${kinds.join(' and ')}; make each a check of its own`;

export const healthSchema = section({
  within: duration('how long a restored application may take to become healthy (2m)', '1h').optional(),
  checks: z.array(check).min(1, 'must name at least one'),
});

export type HealthShape = z.output<typeof healthSchema>;
