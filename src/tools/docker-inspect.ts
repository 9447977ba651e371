// What `docker container inspect` prints, as what holdfast wants to know. Parsed from its JSON: a Go template over
// .State.Health fails for containers without a health check.
import { z } from 'zod';

export interface Container {
  id: string;
  name: string;
  /** The image's id, `sha256:…`. */
  image: string;
  /** As it was asked for: `postgres:16`. */
  imageName: string;
  /** `restarting`: between two tries of its restart policy. Created, exited and dead ones are stopped. */
  state: 'running' | 'paused' | 'restarting' | 'stopped';
  /** null: it has no health check. Means something only while it runs: a stopped one keeps its last, a paused one turns unhealthy. */
  health: 'healthy' | 'unhealthy' | 'starting' | null;
  /** What the last probe printed. */
  healthLog: string;
  exitCode: number;
  labels: Readonly<Record<string, string>>;
  mounts: Mount[];
  /** Its own, in each of its networks; none while it is stopped. */
  addresses: string[];
  /** TCP ports that are published on the host; none while it is stopped. */
  ports: PublishedPort[];
  networkMode: string;
  /** `NAME=value`. */
  env: string[];
  /** A file that the engine keeps for it: there for this process only where its paths mean the same as the engine's. */
  engineFile: string;
  /** When it last started: ISO 8601. */
  startedAt: string;
  /** `SIGINT`, or a number. */
  stopSignal: string;
  /** Seconds from its stop signal to SIGKILL. */
  stopTimeout: number;
}

export interface Mount {
  /** `bind`, `volume`, `tmpfs`. */
  type: string;
  /** On the host. */
  source: string;
  destination: string;
  /** The volume's. */
  name: string | null;
}

export interface PublishedPort {
  container: number;
  /** May be 0.0.0.0 or ::. */
  hostAddress: string;
  host: number;
}

export const parseContainers = (json: string): Container[] =>
  z.array(inspected).parse(JSON.parse(json)).map(container);

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();
const text = z.string().nullish();

const inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  HostsPath: text,
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    StartedAt: z.string(),
    Health: z.object({ Status: z.string(), Log: listOf(z.object({ Output: text })) }).nullish(),
  }),
  Config: z.object({
    Image: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Env: listOf(z.string()),
    StopSignal: text,
    StopTimeout: z.number().nullish(),
  }),
  HostConfig: z.object({ NetworkMode: text }),
  Mounts: listOf(z.object({ Type: z.string(), Source: text, Destination: z.string(), Name: text })),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: text, GlobalIPv6Address: text })).nullish(),
    Ports: z.record(z.string(), listOf(z.object({ HostIp: z.string(), HostPort: z.string() }))).nullish(),
  }),
});

type Inspected = z.output<typeof inspected>;

const DEFAULT_STOP_TIMEOUT = 10;

const container = (from: Inspected): Container => ({
  id: from.Id,
  name: from.Name.replace(/^\//, ''),
  image: from.Image,
  imageName: from.Config.Image,
  state: STATES[from.State.Status] ?? 'stopped',
  health: HEALTH.find((health) => health === from.State.Health?.Status) ?? null,
  healthLog: from.State.Health?.Log?.at(-1)?.Output?.trim() ?? '',
  exitCode: from.State.ExitCode,
  labels: from.Config.Labels ?? {},
  mounts: (from.Mounts ?? []).map(({ Type, Source, Destination, Name }) => ({
    type: Type,
    source: Source ?? '',
    destination: Destination,
    name: Name ?? null,
  })),
  addresses: addressesOf(from),
  ports: portsOf(from),
  networkMode: from.HostConfig.NetworkMode ?? '',
  env: from.Config.Env ?? [],
  engineFile: from.HostsPath ?? '',
  startedAt: from.State.StartedAt,
  stopSignal: from.Config.StopSignal ?? 'SIGTERM',
  stopTimeout: from.Config.StopTimeout ?? DEFAULT_STOP_TIMEOUT,
});

const STATES: Readonly<Record<string, Container['state']>> = {
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
};

const HEALTH = ['healthy', 'unhealthy', 'starting'] as const;

const addressesOf = ({ NetworkSettings }: Inspected): string[] =>
  Object.values(NetworkSettings.Networks ?? {})
    .flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address])
    .filter((address) => typeof address === 'string' && address !== '') as string[];

const portsOf = ({ NetworkSettings }: Inspected): PublishedPort[] =>
  Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) => {
    const [number = '', protocol] = port.split('/');
    if (protocol !== 'tcp') return [];
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      container: Number(number),
      hostAddress: HostIp,
      host: Number(HostPort),
    }));
  });
