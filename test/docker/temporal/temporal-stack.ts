// docker-compose.temporal.yml as a user runs it, on an engine that is the tests' own: an .env from the script, ports that are
// free, and the agent beside an application on this host.
import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { findTemporalCli } from '../../../src/temporal/cli-binary.js';
import { freePorts } from '../../support/free-ports.js';
import type { Scenario } from '../../support/scenario.js';
import { docker } from '../support/docker.js';
import { COMPOSE_FILE } from './images.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/temporal-env.sh', import.meta.url));

export interface TemporalStack {
  /** What `.env` says. */
  settings: Readonly<Record<string, string>>;
  /** `docker compose …` for this project: its stdout. */
  compose(...args: string[]): Promise<string>;
  /** `docker compose up --wait`: to the end of the jobs, and until everything is healthy. */
  up(): Promise<void>;
  /** `holdfast …` in the agent's container, as JSON. */
  holdfast<T>(...args: string[]): Promise<T>;
  /** `temporal …` against its server. */
  temporal(...args: string[]): Promise<string>;
  /** What the UI's server answers below `/api/v1`. */
  ui(path: string): Promise<unknown>;
  /** Containers, networks, volumes and folder. */
  remove(): Promise<void>;
}

/** Nothing runs yet. */
export const layOutStack = async (scenario: Scenario, image: string): Promise<TemporalStack> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-temporal-'));
  const [temporalPort = 0, uiPort = 0, s3Port = 0] = await freePorts(3);
  execFileSync('sh', [SCRIPT, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const env = join(folder, '.env');
  const ours = {
    ...{ TEMPORAL_PORT: temporalPort, TEMPORAL_UI_PORT: uiPort, S3_PORT: s3Port, HOLDFAST_IMAGE: image },
    ...{ HOLDFAST_ETC: scenario.folder, HOLDFAST_STATE: scenario.state, HOLDFAST_FILES: scenario.folder },
    DOCKER_SOCKET: (process.env.DOCKER_HOST ?? '').replace('unix://', ''),
    DOCKER_VOLUMES: scenario.folder,
  };
  await appendFile(
    env,
    Object.entries(ours)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const project = basename(folder).toLowerCase();
  const where = ['--project-name', project, '--env-file', env, '--file', COMPOSE_FILE];
  const compose = (...args: string[]) => docker()('compose', ...where, ...args);
  const address = ['--address', `127.0.0.1:${temporalPort}`, '--namespace', 'holdfast'];
  return {
    settings: settingsIn(await readFile(env, 'utf8')),
    compose,
    up: async () => {
      try {
        await compose('up', '--detach', '--wait', '--no-build');
      } catch (error) {
        const logs = await compose('logs', '--no-color', '--tail', '20').catch(String);
        throw new Error(`the stack did not come up\n${logs}`, { cause: error });
      }
    },
    holdfast: async (...args) =>
      JSON.parse(await compose('exec', '--no-TTY', 'agent', 'holdfast', ...args, '--json')),
    temporal: async (...args) => (await execa(await findTemporalCli(), [...args, ...address])).stdout,
    ui: async (path) => (await fetch(`http://127.0.0.1:${uiPort}/api/v1/${path}`)).json(),
    remove: async () => {
      await compose('down', '--volumes', '--timeout', '1', '--remove-orphans');
      await rm(folder, { recursive: true });
    },
  };
};

const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
