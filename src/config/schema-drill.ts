// How holdfast.yaml says what a drill asks of the restored databases, and on which server it restores them.
import { z } from 'zod';
import { serverFields } from './schema-database.js';
import { drillTiming } from './schema-tiers.js';
import { text } from './schema-values.js';
import { section } from './section.js';

const query = z
  .string()
  .refine(
    (given) => given.trim() !== '' && !given.includes('\0'),
    'must be a query that gives one true value',
  )
  .meta({ description: 'must give one row with one true value' });

const assertion = z.union([
  query,
  section({
    query,
    database: text('one of this deployment’s; the first one if it is left out').optional(),
  }),
]);

const server = section(serverFields).superRefine((given, context) => {
  const problem = serverProblem(given);
  if (problem !== null && context.issues.length === 0) context.addIssue({ code: 'custom', message: problem });
});

const serverProblem = ({ url, host, port, user }: z.output<z.ZodObject<typeof serverFields>>) => {
  const parts = Object.entries({ host, port, user }).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  if (url !== undefined && parts.length > 0)
    return `has both url and ${parts.join(', ')}; use the one or the other`;
  return url === undefined && (host === undefined || user === undefined)
    ? 'needs url, or host and user'
    : null;
};

export const drillSchema = section({
  assertions: z.array(assertion).optional().meta({ description: 'SQL that must hold once it is restored' }),
  server: server
    .optional()
    .meta({ description: 'a second server to drill on; the deployment’s own if it is left out' }),
  ...drillTiming,
});

export type DrillShape = z.output<typeof drillSchema>;
