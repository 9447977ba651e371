// docker-compose.temporal.yml, run for real: Temporal on PostgreSQL, its UI, a bucket and an agent, all in containers. The
// application is on this host. On an engine of the tests' own, since the images have the names of the real ones.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { agentImage } from './support/agent-image.js';
import { docker } from './support/docker.js';
import { engineOfOwn } from './support/engine-of-own.js';
import { holdTable } from './temporal/held-dump.js';
import { bringImages } from './temporal/images.js';
import { layOutStack, type TemporalStack } from './temporal/temporal-stack.js';

// A cold cache has Go compile the Temporal server first.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 1_500_000 });

const SCHEDULE = 'holdfast.default.edms.daily';
const DATABASE = 'edms';
const engine = await engineOfOwn();
process.env.DOCKER_HOST = engine.host;
const cluster = await startCluster();
const scenario = await createScenario(cluster);
let stack: TemporalStack;
let removeImage: () => Promise<void>;

beforeAll(async () => {
  await bringImages();
  const image = await agentImage('holdfast-test/agent:stack');
  removeImage = image.remove;
  stack = await layOutStack(scenario, image.tag);
  await layOutApplication();
  await stack.up();
});

afterAll(async () => {
  await stack.remove();
  await removeImage();
  await engine.release();
  await scenario.remove();
  await cluster.stop();
});

const layOutApplication = async (): Promise<void> => {
  await cluster.query('postgres', `create database ${DATABASE}`);
  await cluster.query(DATABASE, 'create table document as select generate_series(1, 1000) as id');
  const storage = scenario.path('storage');
  await mkdir(storage);
  await writeFile(scenario.path('storage', 'document'), 'a document');
  const { TEMPORAL_PORT, S3_PORT } = stack.settings;
  const s3 = {
    bucket: 'holdfast',
    endpoint: `http://127.0.0.1:${S3_PORT}`,
    accessKeyId: 'file:/run/secrets/s3_access_key',
    secretAccessKey: 'file:/run/secrets/s3_secret_key',
  };
  const tiers = { daily: { schedule: '30 4 * * *', keep: 7, jitter: 'none' }, weekly: { keep: 4 } };
  const byThemselves = { tiers, verify: 'never', drill: { schedule: 'never' } };
  await scenario.configure(
    { edms: { database: scenario.database(DATABASE), files: { storage }, ...byThemselves } },
    {
      temporal: { address: `127.0.0.1:${TEMPORAL_PORT}`, namespace: 'holdfast' },
      repositories: { bucket: { s3 } },
    },
  );
};

interface Listed {
  name: string;
  state: string;
  paused: boolean;
  last: { outcome: string } | null;
}

const schedules = () => stack.holdfast<Listed[]>('schedules', 'list');
const backups = () => stack.holdfast<{ backup: string; tiers: string[] }[]>('list', 'edms');
const eventually = <T>(check: () => Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 120_000, interval: 500 });

it('comes up with the agent’s tiers as schedules', async () => {
  await eventually(async () =>
    expect(await schedules()).toMatchObject([
      { name: 'daily', state: 'as configured', paused: false, last: null },
      { name: 'weekly', state: 'as configured', paused: false, last: null },
    ]),
  );
});

it('keeps closed runs for 30 days', async () => {
  expect(await stack.ui('namespaces/holdfast')).toMatchObject({
    config: { workflowExecutionRetentionTtl: `${30 * 24 * 60 * 60}s` },
  });
});

it('has a UI whose pages offer neither Terminate nor Reset', async () => {
  expect(await stack.ui('settings')).toMatchObject({
    WorkflowTerminateDisabled: true,
    WorkflowResetDisabled: true,
    BatchActionsDisabled: true,
    WorkflowCancelDisabled: false,
    DefaultNamespace: 'holdfast',
  });
});

it('listens on the loopback interface alone', async () => {
  const ports = await stack.compose('ps', '--format', '{{.Ports}}');
  expect(ports.match(/\S+->/g)?.filter((published) => !published.startsWith('127.0.0.1:'))).toEqual([]);
});

it('shows no password in a command line, in the configuration, in an inspection or in a log', async () => {
  const ids = (await stack.compose('ps', '--all', '--quiet')).split('\n');
  const seen = [
    await stack.compose('config'),
    await docker()('inspect', ...ids),
    await stack.compose('logs', '--no-color'),
    await commandLines(),
  ].join('\n');
  expect(seen).toContain('temporal-server');
  for (const name of ['TEMPORAL_DATABASE_PASSWORD', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']) {
    expect(stack.settings[name]).toMatch(/^\S{12,}$/);
    expect(seen.includes(stack.settings[name] ?? '')).toBe(false);
  }
});

it('a scheduled backup whose Temporal server is killed in the middle ends right, once it is back', async () => {
  const table = await holdTable(cluster, DATABASE, 'document');
  await stack.temporal('schedule', 'trigger', '--schedule-id', SCHEDULE);
  await table.reached();
  await stack.compose('kill', 'temporal');
  await table.letGo();
  await stack.compose('up', '--detach', '--wait', 'temporal');
  const [daily] = await eventually(async () => {
    const now = await schedules();
    expect(now[0]?.last?.outcome).toBe('completed');
    return now;
  });
  expect(daily?.name).toBe('daily');
  expect(await backups()).toMatchObject([{ tiers: ['daily'] }]);
  expect(await storedManifests()).toHaveLength(1);
  expect(await stack.holdfast('verify', 'edms', '--decode')).toMatchObject({
    ok: true,
    copies: 1,
    problems: 0,
  });
});

it('keeps schedules, pauses and backups when it is taken down and brought up again', async () => {
  const before = await backups();
  await stack.compose('exec', '--no-TTY', 'agent', 'holdfast', 'schedules', 'pause', 'edms', 'daily');
  await stack.compose('down');
  await stack.up();
  await eventually(async () =>
    expect(await schedules()).toMatchObject([
      { name: 'daily', state: 'as configured', paused: true, last: { outcome: 'completed' } },
      { name: 'weekly', paused: false },
    ]),
  );
  await eventually(async () => expect(await backups()).toEqual(before));
});

/** Of every process on this machine: those in containers are seen from here. */
const commandLines = async (): Promise<string> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.join('\n').replaceAll('\0', ' ');
};

/** The bucket's objects are files. */
const storedManifests = async (): Promise<string[]> => {
  const found = await stack.compose(
    'exec',
    '--no-TTY',
    's3',
    'find',
    '/data/buckets',
    '-name',
    'manifest.json',
  );
  return found.split('\n').filter((path) => path !== '');
};
