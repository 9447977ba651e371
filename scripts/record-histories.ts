// Records how real runs go, for test/histories: npx tsx scripts/record-histories.ts, after scripts/setup.sh.
// A PostgreSQL server, `holdfast up` and every kind of run that must still replay when workflows change. To be repeated only
// when a change of src/workflows is not guarded by `patched`, that is, before anybody can have such runs.
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { serve } from '../demo/command-line.js';
import { type Protected, writeConfiguration } from '../demo/configuration.js';
import { inSandbox, type Sandbox } from '../demo/sandbox.js';
import { loadConfig } from '../src/config/load.js';
import type { BackupResult } from '../src/domain/progress.js';
import { connectTemporal } from '../src/temporal/client.js';
import { type Cluster, startCluster } from '../test/support/postgres-cluster.js';
import { addOffsite, recordCopies } from './record-copies.js';
import { recordScheduled } from './record-scheduled.js';
import { addServices, recordAroundServices } from './record-services.js';
import { HISTORIES, run, type Stage, save, start, until } from './recording.js';

const record = async (sandbox: Sandbox): Promise<void> => {
  const cluster = await startCluster();
  sandbox.atEnd(() => cluster.stop());
  const [edms, shop, vault] = [
    await application('edms', sandbox, cluster),
    await application('shop', sandbox, cluster),
    await application('vault', sandbox, cluster),
  ];
  const config = await writeConfiguration(sandbox.folder, cluster, { edms, shop, vault });
  await addTier(config, 'edms');
  await addServices(config, 'shop', sandbox.folder);
  await addOffsite(config, 'vault', sandbox.folder);
  await serve({ sandbox, config });
  const { client, close } = await connectTemporal(await loadConfig({ file: config }));
  sandbox.atEnd(close);
  const stage = { client, cluster, sandbox, deployment: 'edms' };
  const backup = await recordBackups(stage);
  await recordScheduled(stage);
  await recordRestores(stage, backup);
  await recordAroundServices({ ...stage, deployment: 'shop' });
  await recordDoctor({ ...stage, deployment: 'shop' });
  await recordCopies({ ...stage, deployment: 'vault' });
};

/** A run of a tier is not watched by whoever started it. */
const addTier = async (config: string, deployment: string): Promise<void> => {
  const configuration = parse(await readFile(config, 'utf8'));
  configuration.deployments[deployment].tiers = { daily: { keep: 'all' } };
  await writeFile(config, stringify(configuration), { mode: 0o600 });
};

/** One deployment, and all of them. */
const recordDoctor = async (stage: Stage): Promise<void> => {
  await run(stage, 'doctor', {}, 'doctor');
  const { client, deployment } = stage;
  const all = { workflowId: `holdfast.${deployment}.doctor`, taskQueue: 'holdfast.default', args: [{}] };
  await save(stage, await client.workflow.start('doctor', all), 'doctor-all');
};

const application = async (name: string, { folder }: Sandbox, cluster: Cluster): Promise<Protected> => {
  await cluster.query('postgres', `create database ${name}`);
  await cluster.query(name, 'create table documents as select n from generate_series(1, 100) n');
  const storage = join(folder, `${name}-storage`);
  await mkdir(storage);
  await writeFile(join(storage, 'document'), 'document');
  return { database: name, storage };
};

/** Gives the id of the last one that was made. */
const recordBackups = async (stage: Stage): Promise<string> => {
  for (const type of ['database', 'files']) await run(stage, 'backup', { type }, `backup-${type}`);
  await blocked(stage, async (unblock) => {
    const handle = await start(stage, 'backup', {});
    await until(handle, ({ steps }) => steps.some(({ name }) => name === 'archive files'));
    await handle.cancel();
    await save(stage, handle, 'backup-cancelled');
    await unblock();
  });
  await blocked(stage, async (unblock) => {
    const handle = await start(stage, 'backup', { tier: 'daily' });
    await until(handle, ({ steps }) =>
      steps.some(({ name, state }) => name === 'archive files' && state === 'done'),
    );
    await stage.cluster.query('postgres', END_SESSIONS);
    await unblock();
    await save(stage, handle, 'backup-archived-again');
  });
  await run(stage, 'backup', { drill: true }, 'backup-drilled');
  const { backup } = (await run(stage, 'backup', {}, 'backup')) as BackupResult;
  await run(stage, 'drill', {}, 'drill');
  await run(stage, 'prune', {}, 'prune');
  return backup;
};

const END_SESSIONS = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'holdfast:%'`;

const recordRestores = async (stage: Stage, backup: string): Promise<void> => {
  const confirm = `edms@${backup}`;
  const waiting = await start(stage, 'restore', { backup: 'latest' });
  await until(waiting, ({ phase }) => phase === 'waiting for approval');
  await waiting.executeUpdate('approve', { args: [{ confirm, by: 'an operator' }] });
  await save(stage, waiting, 'restore');
  await run(stage, 'restore', { backup: 'previous', confirm }, 'undo');
  await run(stage, 'restore', { backup, only: ['database'], confirm }, 'restore-database');
  await run(stage, 'restore', { backup, only: ['database'], mode: 'in-place', confirm }, 'restore-in-place');
  await damage(join(stage.sandbox.folder, 'backups', 'edms', backup));
  await run(stage, 'restore', { backup, confirm }, 'restore-rolled-back');
  await run(stage, 'drill', { backup }, 'drill-failed');
  await run(stage, 'settle', {}, 'settle');
};

/** Somebody holds a table: a dump has its snapshot and waits. */
const blocked = async (
  { cluster }: Stage,
  act: (unblock: () => Promise<void>) => Promise<void>,
): Promise<void> => {
  const session = new pg.Client({ connectionString: cluster.url('edms') });
  await session.connect();
  await session.query('begin; lock table documents');
  await act(async () => void (await session.query('rollback')));
  await session.end();
};

const damage = async (backup: string): Promise<void> => {
  const [artifact = ''] = (await readdir(backup)).filter((name) => name.startsWith('files.'));
  const file = await open(join(backup, artifact), 'r+');
  await file.write(Buffer.from('damaged'), 0, 7, 0);
  await file.close();
};

await mkdir(HISTORIES, { recursive: true });
await inSandbox(undefined, record);
