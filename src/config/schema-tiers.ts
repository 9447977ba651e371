// How holdfast.yaml says when backups are made and how long each repository keeps them, and when they are verified and drilled.
import { z } from 'zod';
import { cronProblem } from '../domain/cron.js';
import { named } from './named.js';
import { duration, name } from './schema-values.js';
import { section } from './section.js';

const cron = (description: string) =>
  z
    .string()
    .refine((given) => cronProblem(given) === null, {
      error: (issue) => cronProblem(String(issue.input)) ?? '',
    })
    .meta({ description });

const timing = {
  catchUp: duration('how long after its moment a missed run is still made (24h)', '31d').optional(),
  jitter: z
    .union([z.literal('none'), duration('', '1h')])
    .optional()
    .meta({ description: 'runs begin up to so much later, or none (2m)' }),
};

const WHOLE = 'must be a whole number, or all';

const count = (least: number) =>
  z.number().refine((given) => Number.isSafeInteger(given) && given >= least, WHOLE);

const keep = z
  .union([
    count(1),
    z.literal('all'),
    named(z.union([count(0), z.literal('all')]), name).meta({ description: 'for each repository' }),
  ])
  .meta({ description: 'so many scheduled moments, or all' });

const KEEP_LONGEST = '36500d';

const keepFor = z
  .union([
    duration('', KEEP_LONGEST),
    named(duration('', KEEP_LONGEST), name).meta({ description: 'for each repository' }),
  ])
  .meta({ description: 'how long' });

const tier = section({
  schedule: cron('five fields of cron; hourly, daily, weekly, monthly and yearly have one').optional(),
  from: name.optional().meta({ description: 'keep the first backup of this tier at each moment, make none' }),
  keep: keep.optional(),
  keepFor: keepFor.optional(),
  ...timing,
});

export const tiersSchema = named(tier, name).refine(
  (tiers) => Object.keys(tiers).length > 0,
  'must name at least one',
);

const NEVER = z.literal('never');

/** Text that is neither `never` nor cron is told about cron. */
const timed = z
  .string()
  .refine((given) => given === 'never' || cronProblem(given) === null, {
    error: (issue) => cronProblem(String(issue.input)) ?? '',
  })
  .meta({ description: 'five fields of cron, or never' });

export const verifySchema = z.union([NEVER, section({ schedule: timed.optional(), ...timing })]);

/** What stands under `drill` beside what a drill asks. */
export const drillTiming = {
  schedule: timed.optional(),
  maxAge: duration('how old the last proof may be (35d)', '3650d').optional(),
  ...timing,
};

export type TierShape = z.output<typeof tier>;

export type TimedShape = { schedule?: string | undefined } & Pick<TierShape, 'catchUp' | 'jitter'>;
