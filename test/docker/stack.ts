// An application in containers, as the first users of holdfast run theirs: a compose project of its own with a database, a
// web application with a health check, a worker that Docker restarts by itself, and a cache.
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../support/free-ports.js';
import type { Cluster } from '../support/postgres-cluster.js';
import { docker } from './support/docker.js';
import { stackDatabase } from './support/stack-database.js';
import { type ContainerState, containerStates } from './support/states.js';

export interface Stack {
  /** Of compose. */
  project: string;
  /** Where compose.yaml and the media lie. */
  folder: string;
  ports: { database: number; web: number };
  paths: {
    /** Bind-mounted into web and worker. */
    media: string;
    /** Where the engine keeps the named volumes. */
    uploads: string;
    dbdata: string;
  };
  volumes: { uploads: string; dbdata: string };
  /** The web application's address; `/health` reads a row and its file. */
  url: string;
  /** The database in the container, reached through its published port. */
  cluster: Cluster;
  /** `docker compose …` for this project: its stdout. */
  compose(...args: string[]): Promise<string>;
  /** Of every container that exists, by service. */
  states(): Promise<Record<string, ContainerState>>;
  /** The container's id now. */
  container(service: string): Promise<string>;
  /** Containers, networks, volumes and folder. */
  down(): Promise<void>;
}

const COMPOSE = fileURLToPath(new URL('stack/compose.yaml', import.meta.url));

/** Returns when every container is healthy. @param host of an engine other than the run's, as for DOCKER_HOST */
export const upStack = async (host?: string): Promise<Stack> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-stack-'));
  const project = basename(folder).toLowerCase();
  const run = docker(host);
  const [database = 0, web = 0] = await freePorts(2);
  const password = randomBytes(12).toString('hex');
  const compose = (...args: string[]) =>
    run('compose', '--project-name', project, '--file', join(folder, 'compose.yaml'), ...args);
  const volume = (name: string) =>
    run('volume', 'inspect', '--format', '{{.Mountpoint}}', `${project}_${name}`);
  const down = async (): Promise<void> => {
    await compose('down', '--volumes', '--timeout', '1', '--remove-orphans');
    await rm(folder, { recursive: true, force: true });
  };
  await layOut(folder, { DATABASE_PORT: database, WEB_PORT: web, DATABASE_PASSWORD: password });
  try {
    await compose('up', '--detach', '--wait');
    const states = () => containerStates(run, project);
    return {
      project,
      folder,
      ports: { database, web },
      paths: {
        media: join(folder, 'media'),
        uploads: await volume('uploads'),
        dbdata: await volume('dbdata'),
      },
      volumes: { uploads: `${project}_uploads`, dbdata: `${project}_dbdata` },
      url: `http://127.0.0.1:${web}`,
      cluster: stackDatabase({ port: database, password }),
      compose,
      states,
      container: async (service) => (await states())[service]?.id ?? '',
      down,
    };
  } catch (error) {
    const logs = await compose('logs', '--no-color', '--tail', '20').catch(String);
    await down();
    const [said] = String(error).split('\n').slice(-1);
    throw new Error(`the stack did not come up: ${said}\n${logs}`);
  }
};

const layOut = async (folder: string, values: Record<string, string | number>): Promise<void> => {
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'media'));
  await copyFile(COMPOSE, join(folder, 'compose.yaml'));
  const all = { ...values, STACK_IMAGE: process.env.STACK_IMAGE ?? '' };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(folder, '.env'), lines.join(''));
};
