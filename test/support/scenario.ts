// Where a story is told from the outside: a folder of its own with a holdfast.yaml, a state folder and a repository, and
// the PostgreSQL server that it names. Everything that holdfast starts for it carries the folder's name as its USER.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import type { Cluster } from './postgres-cluster.js';
import { killAll, processesOf } from './scenario-processes.js';

export interface Scenario {
  folder: string;
  cluster: Cluster;
  /** The path of holdfast.yaml. */
  config: string;
  state: string;
  /** The folder of the one repository, `local`. */
  repository: string;
  /** A folder that comes first on the PATH of what `serve` starts: misbehaving programs go here. */
  programs: string;
  /** The environment variable USER of everything that holdfast starts. */
  user: string;
  /** Writes holdfast.yaml: these deployments, and whatever else stands at its top. */
  configure(deployments: Record<string, unknown>, more?: Record<string, unknown>): Promise<void>;
  /** What `database:` needs. */
  database(name: string, more?: Record<string, unknown>): Record<string, unknown>;
  path(...parts: string[]): string;
  /** Fails when a process of it is left over. */
  remove(): Promise<void>;
}

export const createScenario = async (cluster: Cluster): Promise<Scenario> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-scenario-'));
  await chmod(folder, 0o711);
  const path = (...parts: string[]) => join(folder, ...parts);
  for (const name of ['backups', 'programs']) await mkdir(path(name));
  await writeFile(path('password'), `${cluster.password}\n`, { mode: 0o600 });
  const { host, port, user } = cluster;
  const password = `file:${path('password')}`;
  return {
    folder,
    cluster,
    config: path('holdfast.yaml'),
    state: path('state'),
    repository: path('backups'),
    programs: path('programs'),
    user: basename(folder),
    path,
    database: (name, more = {}) => ({ host, port, name, user, password, ...more }),
    configure: (deployments, more = {}) =>
      writeFile(
        path('holdfast.yaml'),
        stringify({
          state: path('state'),
          repositories: { local: { local: path('backups') } },
          deployments,
          ...more,
        }),
        { mode: 0o600 },
      ),
    remove: () => remove(folder),
  };
};

/** Nothing that a story started may outlive it by more than the moment that it takes to end. */
const remove = async (folder: string): Promise<void> => {
  try {
    await vi.waitFor(async () => requireNone(await processesOf(basename(folder))), {
      timeout: 10_000,
      interval: 50,
    });
  } finally {
    await killAll(basename(folder));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

const requireNone = (left: { pid: number; words: string }[]): void => {
  if (left.length === 0) return;
  throw new Error(`still running: ${left.map(({ pid, words }) => `${pid} ${words}`).join('; ')}`);
};
