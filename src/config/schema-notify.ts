// How holdfast.yaml says who is told: a list, each of exactly one kind, with what it is told of.
import { z } from 'zod';
import { EVENT_KINDS } from '../domain/events.js';
import { nearest } from './nearest.js';
import { argv } from './schema-argv.js';
import { reference, webhookSchema } from './schema-notify-webhook.js';
import { duration, name } from './schema-values.js';
import { section } from './section.js';

const ADDRESS_RULE = 'must be an address such as ops@example.com, or Operations <ops@example.com>';

const address = z
  .string(ADDRESS_RULE)
  .regex(/^(?:[^<>@\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s,;]+@[^<>@\s,;]+)$/u, ADDRESS_RULE);

const KINDS = {
  ping: reference('a URL to ping, as Healthchecks.io has them').optional(),
  email: section({
    to: z
      .union([address, z.array(address, ADDRESS_RULE).min(1, 'must name at least one')])
      .meta({ description: 'whom it is sent to: one address, or a list' }),
    from: address.meta({ description: 'whom it comes from' }),
    smtp: reference('smtp://user:password@host:587 or smtps://…'),
  }).optional(),
  webhook: webhookSchema.optional(),
  command: argv('gets the event as JSON on stdin').optional(),
};

const KIND_NAMES = Object.keys(KINDS);

const event = z.enum(EVENT_KINDS, { error: ({ input }) => eventProblem(input) });

const eventProblem = (given: unknown): string => {
  const meant = typeof given === 'string' ? nearest(given, EVENT_KINDS) : undefined;
  return meant === undefined
    ? `is not an event; known are ${EVENT_KINDS.join(', ')}`
    : `is not an event; did you mean ${meant}?`;
};

const notifier = section({
  ...KINDS,
  on: z
    .array(event, `must be a list of ${EVENT_KINDS.join(', ')}`)
    .min(1, 'must name at least one event; leave it out for the usual ones')
    .optional()
    .meta({ description: 'what it is told of; failed, late, recovered, overdue if it is left out' }),
  deployments: z
    .array(name)
    .min(1, 'must name at least one; leave it out for all of them')
    .optional()
    .meta({ description: 'only what happens to these' }),
  timeout: duration('when it has failed (20s)', '2m').optional(),
})
  .superRefine((value, context) => {
    const kinds = KIND_NAMES.filter((kind) => Object.hasOwn(value, kind));
    const mistyped = kinds.length === 0 && context.issues.length > 0;
    if (kinds.length !== 1 && !mistyped) context.addIssue({ code: 'custom', message: kindProblem(kinds) });
  })
  .meta({ description: 'one of ping, email, webhook, command' });

const kindProblem = (kinds: readonly string[]): string =>
  kinds.length === 0
    ? `needs one of ${KIND_NAMES.join(', ')}`
    : `has ${kinds.join(' and ')}; make each an entry of its own`;

export const notifySchema = z.array(notifier, 'must be a list, such as [{ ping: env:PING_URL }]');

export type NotifyShape = z.output<typeof notifySchema>;
