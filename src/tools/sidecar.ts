// PostgreSQL's programs of the server's own version, where this host has none: they run beside the database's container, from
// its own image and in its network, with no rights but to reach it. Their bytes go through a FIFO in a private folder:
// attached stdio is five times slower, and a client of it that is killed ends well. What is left over is found by label.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseContainer, DatabaseTarget } from '../config/targets.js';
import type { Command } from './command.js';
import { runProgram } from './process.js';

export interface Sidecar {
  instance: string;
  /** Ten hexadecimal digits. */
  operation: string;
  container: DatabaseContainer;
  /** Private, and this user's: it holds the connection files and, while a program runs, the FIFO. */
  folder: string;
}

export const INSTANCE_LABEL = 'holdfast.instance';
export const OPERATION_LABEL = 'holdfast.operation';

/** As the sidecar sees the server: it shares the container's network. No file of this host is there to check it with. */
export const besideServer = (target: DatabaseTarget, container: DatabaseContainer): DatabaseTarget => {
  const parameters = Object.entries(target.parameters)
    .filter(([key]) => !['sslrootcert', 'sslcrl', 'sslcrldir', 'hostaddr'].includes(key))
    .map(([key, value]) => [key, key === 'sslmode' && value.startsWith('verify-') ? 'require' : value]);
  return { ...target, host: '127.0.0.1', port: container.port, parameters: Object.fromEntries(parameters) };
};

/** For a program that writes to stdout: what it writes is the last one's stdout. All of them end well, or none of it counts. */
export const sidecarWriting = (sidecar: Sidecar, command: Command): Command[] => [
  dockerRun(sidecar, command, `exec "$0" "$@" >${MOUNTED}/${STREAM}`),
  { program: 'cat', args: [streamOf(sidecar)] },
];

/** For a program that reads stdin: the first one reads it instead. */
export const sidecarReading = (sidecar: Sidecar, command: Command): Command[] => [
  { program: 'sh', args: ['-c', 'exec cat >"$1"', 'sh', streamOf(sidecar)] },
  dockerRun(sidecar, command, `exec "$0" "$@" <${MOUNTED}/${STREAM}`),
];

/** The FIFO is there while `use` runs, and nobody else's end of an earlier one is in it. */
export const withStream = async <T>(sidecar: Sidecar, use: () => Promise<T>): Promise<T> => {
  const stream = streamOf(sidecar);
  await rm(stream, { force: true });
  await runProgram({ program: 'mkfifo', args: ['-m', '600', stream] });
  try {
    return await use();
  } finally {
    await rm(stream, { force: true });
  }
};

const STREAM = 'stream';
const MOUNTED = '/holdfast';

const streamOf = ({ folder }: Sidecar): string => join(folder, STREAM);

/** The client's exit code is the program's; only stderr is attached. */
const dockerRun = (sidecar: Sidecar, { program, args, env = {} }: Command, script: string): Command => {
  const { instance, operation, container, folder } = sidecar;
  const variables = Object.entries(env).map(([name, value]) => `--env=${name}=${inside(value, folder)}`);
  return {
    program: 'docker',
    name: program,
    args: [
      ...['run', '--rm', '--pull=never', '--attach=stderr', '--log-driver=none', '--no-healthcheck'],
      `--name=holdfast-${operation}-${container.id.slice(0, 12)}`,
      `--label=${INSTANCE_LABEL}=${instance}`,
      `--label=${OPERATION_LABEL}=${operation}`,
      `--network=container:${container.id}`,
      ...['--cap-drop=ALL', '--security-opt=no-new-privileges', '--read-only', '--userns=host'],
      `--user=${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      `--mount=type=bind,"source=${folder.replaceAll('"', '""')}",target=${MOUNTED}`,
      `--workdir=${MOUNTED}`,
      ...variables,
      '--entrypoint=sh',
      container.image,
      ...['-c', script, program, ...args],
    ],
  };
};

/** Paths of the folder as they are called where it is mounted. */
const inside = (value: string, folder: string): string =>
  value.startsWith(`${folder}/`) ? `${MOUNTED}${value.slice(folder.length)}` : value;
