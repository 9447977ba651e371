// How holdfast.yaml names what runs: the services of a deployment, and the container that something runs in.
import { z } from 'zod';
import { argv } from './schema-argv.js';
import { section } from './section.js';
import { unitName } from './unit-name.js';

const matching = (pattern: RegExp, rule: string, description: string) =>
  z.string().regex(pattern, rule).meta({ description });

const project = matching(
  /^[a-z0-9][a-z0-9_-]*$/,
  'must be a Compose project’s name: lower-case letters, digits, hyphens and underscores',
  'as docker compose ls shows it',
);

const SERVICE_RULE = 'must be a name of letters, digits, dots, hyphens and underscores';
const SERVICE_PATTERN = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

const composeService = matching(SERVICE_PATTERN, SERVICE_RULE, 'as compose.yaml calls it');
const containerName = matching(SERVICE_PATTERN, SERVICE_RULE, 'as docker ps shows it');

const unit = matching(
  /^[A-Za-z0-9:_.\\][A-Za-z0-9:_.\\@-]*$/,
  'must be the name of a unit, such as edms.service',
  'as systemctl list-units shows it',
);

/** Where something runs, if it runs in a container. */
export const containerSchema = z.union([
  containerName,
  section({ compose: section({ project, service: composeService }) }),
]);

export type ContainerShape = z.output<typeof containerSchema>;

const KINDS = ['compose', 'container', 'systemd', 'command'] as const;

const service = section({
  compose: section({
    project,
    services: z
      .array(composeService)
      .min(1, 'must name at least one')
      .meta({ description: 'stopped together, started together' }),
  }).optional(),
  container: containerName.optional(),
  systemd: unit.optional(),
  command: section({
    stop: argv('stops it'),
    start: argv('starts it'),
    status: argv('exits with 0 while it runs, with 3 (or 1) while it is stopped'),
  }).optional(),
  duringBackup: z
    .enum(['keep', 'pause', 'stop'], 'must be keep, pause or stop')
    .optional()
    .meta({ description: 'what happens to it while a backup is made: keep if it is left out' }),
})
  .refine((entry) => KINDS.filter((kind) => entry[kind] !== undefined).length === 1, {
    error: `must name one of ${KINDS.join(', ')}`,
    when: ({ issues }) => issues.length === 0,
  })
  .refine((entry) => entry.command === undefined || entry.duringBackup !== 'pause', {
    error: 'must be keep or stop: there is no command that pauses',
    path: ['duringBackup'],
  });

type ServiceShape = z.output<typeof service>;

export const servicesSchema = z
  .array(service)
  .superRefine((entries, context) => {
    for (const { path, word } of repeated(entries))
      context.addIssue({ code: 'custom', path, message: `names ${word} a second time` });
  })
  .meta({ description: 'stopped for a restore, in this order; started in the reverse one' });

export type ServicesShape = z.output<typeof servicesSchema>;

const repeated = (entries: readonly ServiceShape[]): { path: PropertyKey[]; word: string }[] => {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) =>
    namedBy(entry).flatMap(({ path, word, key }) => {
      const again = seen.has(key);
      seen.add(key);
      return again ? [{ path: [index, ...path], word }] : [];
    }),
  );
};

const namedBy = (entry: ServiceShape): { path: PropertyKey[]; word: string; key: string }[] => {
  const { compose, container, systemd } = entry;
  if (compose !== undefined)
    return compose.services.map((word, index) => ({
      path: ['compose', 'services', index],
      word,
      key: `compose ${compose.project}/${word}`,
    }));
  if (container !== undefined)
    return [{ path: ['container'], word: container, key: `container ${container}` }];
  return systemd === undefined
    ? []
    : [{ path: ['systemd'], word: systemd, key: `systemd ${unitName(systemd)}` }];
};
