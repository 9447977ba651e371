// What of a Compose file holdfast looks at. Everything else in it is Compose's own affair.
import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const list = <Item extends z.ZodType>(item: Item) => z.union([z.array(item), item.transform((one) => [one])]);

const volume = z.union([
  z.string(),
  z.object({ type: z.string().optional(), source: z.string().optional(), target: z.string() }),
]);

const secret = z.union([
  z.string().transform((source) => ({ source, target: undefined })),
  z.object({ source: z.string(), target: z.string().optional() }),
]);

const service = z.object({
  image: z.string().optional(),
  container_name: z.string().optional(),
  environment: z.union([z.array(z.string()), z.record(z.string(), scalar)]).nullish(),
  env_file: list(
    z.union([z.string(), z.object({ path: z.string() }).transform(({ path }) => path)]),
  ).nullish(),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.unknown()).transform((given) => Object.keys(given))])
    .nullish(),
  volumes: z.array(volume).nullish(),
  secrets: z.array(secret).nullish(),
  healthcheck: z.unknown().optional(),
});

const include = z.union([
  z.string().transform((path) => ({ path: [path], project_directory: undefined, env_file: undefined })),
  z.object({
    path: list(z.string()),
    project_directory: z.string().optional(),
    env_file: list(z.string()).nullish(),
  }),
]);

const shape = z.object({
  name: z.string().optional(),
  services: z.record(z.string(), service),
  include: z.array(include).nullish(),
  volumes: z
    .record(z.string(), z.object({ name: z.string().optional(), external: z.unknown().optional() }).nullish())
    .nullish(),
  secrets: z.record(z.string(), z.object({ file: z.string().optional() }).nullish()).nullish(),
});

/** One that includes others needs no services of its own. */
export const composeSchema = z.preprocess(
  (given) =>
    typeof given === 'object' && given !== null && 'include' in given
      ? { ...given, services: ('services' in given ? given.services : null) ?? {} }
      : given,
  shape,
);

export type ComposeShape = z.output<typeof composeSchema>;
export type ServiceShape = z.output<typeof service>;
