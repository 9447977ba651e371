// The smallest thing that has a state: one container, one systemd unit, one set of commands. Plain JSON: it stands in the
// operation record before anything is touched, and by it alone the state is put back.
import { z } from 'zod';

const argv = z.array(z.string()).min(1);

const shared = {
  /** `compose edms/web`: for people, and for the names of effects. */
  label: z.string(),
  /** Which entry of the configuration it comes from: those of one entry change together. */
  entry: z.number().int().nonnegative(),
  duringBackup: z.enum(['keep', 'pause', 'stop']),
  /** As it was found. */
  state: z.enum(['running', 'paused', 'stopped']),
  /** false: it kept ending and being started again, so nobody expects that it stays up. */
  steady: z.boolean(),
};

const containerUnit = z.object({
  ...shared,
  kind: z.literal('container'),
  id: z.string(),
  name: z.string(),
  /** Compose's labels, by which it is found again under a new id. */
  compose: z.object({ project: z.string(), service: z.string(), number: z.string() }).nullable(),
  /** The image's id. */
  image: z.string(),
  /** Folders and files of the host that it mounts and that were there. */
  binds: z.array(z.string()),
});

const systemdUnit = z.object({ ...shared, kind: z.literal('systemd'), unit: z.string() });

const commandUnit = z.object({
  ...shared,
  kind: z.literal('command'),
  stop: argv,
  start: argv,
  status: argv,
});

export const serviceUnitSchema = z.discriminatedUnion('kind', [containerUnit, systemdUnit, commandUnit]);

export type ServiceUnit = z.output<typeof serviceUnitSchema>;
export type ContainerUnit = z.output<typeof containerUnit>;
export type SystemdUnit = z.output<typeof systemdUnit>;
export type CommandUnit = z.output<typeof commandUnit>;

export type UnitState = ServiceUnit['state'];

/** What all kinds have in common and the configuration tells. */
export type UnitPlace = Pick<ServiceUnit, 'entry' | 'duringBackup'>;
