// What runs around the data, as records hold it: checked before anything is started by it.
import { z } from 'zod';

const argv = z.array(z.string()).min(1);
const text = z.string();
const duringBackup = z.enum(['keep', 'pause', 'stop']);

/** Where something runs, if it runs in a container. */
export const containerSchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('compose'), project: text, service: text }),
  z.looseObject({ kind: z.literal('container'), name: text }),
]);

const service = z.discriminatedUnion('kind', [
  z.looseObject({ duringBackup, kind: z.literal('compose'), project: text, services: z.array(text) }),
  z.looseObject({ duringBackup, kind: z.literal('container'), name: text }),
  z.looseObject({ duringBackup, kind: z.literal('systemd'), unit: text }),
  z.looseObject({ duringBackup, kind: z.literal('command'), stop: argv, start: argv, status: argv }),
]);

const json = z
  .looseObject({ path: text, equals: z.union([text, z.number(), z.boolean(), z.null()]) })
  .nullable();

const check = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('http'),
    url: text,
    status: z.number(),
    contains: text.nullable(),
    json,
  }),
  z.looseObject({ kind: z.literal('tcp'), host: text, port: z.number() }),
  z.looseObject({ kind: z.literal('command'), command: argv }),
  z.looseObject({ kind: z.literal('sql'), database: text, query: text }),
  z.looseObject({ kind: z.literal('container'), container: containerSchema }),
]);

const commands = z.array(argv);

/** Of a deployment's settings. */
export const aroundSchema = {
  services: z.array(service),
  hooks: z.looseObject({ beforeBackup: commands, afterBackup: commands, afterRestore: commands }),
  health: z.looseObject({ withinMs: z.number(), checks: z.array(check) }),
  forwardWithinMs: z.number(),
  maxPauseMs: z.number(),
};
