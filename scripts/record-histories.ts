// Records how real runs go, for test/histories: npx tsx scripts/record-histories.ts, after scripts/setup.sh.
// A PostgreSQL server, `holdfast up` and every kind of run that must still replay when workflows change. To be repeated only
// when a change of src/workflows is not guarded by `patched`, that is, before anybody can have such runs.
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pg from 'pg';
import { serve } from '../demo/command-line.js';
import { writeConfiguration } from '../demo/configuration.js';
import { inSandbox, type Sandbox } from '../demo/sandbox.js';
import { loadConfig } from '../src/config/load.js';
import { type BackupResult, type Progress, progressQuery } from '../src/domain/progress.js';
import { connectTemporal } from '../src/temporal/client.js';
import { type Cluster, startCluster } from '../test/support/postgres-cluster.js';
import { scrubbed } from './scrub-history.js';

const HISTORIES = fileURLToPath(new URL('../test/histories', import.meta.url));

interface Stage {
  client: Client;
  cluster: Cluster;
  sandbox: Sandbox;
}

const record = async (sandbox: Sandbox): Promise<void> => {
  const cluster = await startCluster();
  sandbox.atEnd(() => cluster.stop());
  await cluster.query('postgres', 'create database edms');
  await cluster.query('edms', 'create table documents as select n from generate_series(1, 100) n');
  const storage = join(sandbox.folder, 'storage');
  await mkdir(storage);
  await writeFile(join(storage, 'document'), 'document');
  const config = await writeConfiguration(sandbox.folder, cluster, { edms: { database: 'edms', storage } });
  await serve({ sandbox, config });
  const { client, close } = await connectTemporal(await loadConfig({ file: config }));
  sandbox.atEnd(close);
  const stage = { client, cluster, sandbox };
  const backup = await recordBackups(stage);
  await recordRestores(stage, backup);
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
  return ((await run(stage, 'backup', {}, 'backup')) as BackupResult).backup;
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
  await damage(join(stage.sandbox.folder, 'backups', 'edms', backup));
  await run(stage, 'restore', { backup, confirm }, 'restore-rolled-back');
  await run(stage, 'settle', {}, 'settle');
};

const start = ({ client }: Stage, kind: string, input: Record<string, unknown>) =>
  client.workflow.start(kind, {
    workflowId: `holdfast.edms.${kind}`,
    taskQueue: 'holdfast.default',
    args: [{ deployment: 'edms', ...input }],
  });

const run = async (stage: Stage, kind: string, input: Record<string, unknown>, name: string) =>
  save(stage, await start(stage, kind, input), name);

/** Waits for the end, and gives the result; a failed run is recorded too. */
const save = async ({ sandbox }: Stage, handle: WorkflowHandle, name: string): Promise<unknown> => {
  const result = await handle.result().catch((error: Error) => error.cause);
  const history = JSON.parse(historyToJSON(await handle.fetchHistory()));
  const folders = { [sandbox.folder]: '/srv/edms' };
  await writeFile(
    join(HISTORIES, `${name}.json`),
    `${JSON.stringify(scrubbed(history, folders), null, 1)}\n`,
  );
  console.error(`${name}: ${history.events.length} events, ${JSON.stringify(result).slice(0, 150)}`);
  return result;
};

const until = async (handle: WorkflowHandle, holds: (progress: Progress) => boolean): Promise<void> => {
  while (!holds(await handle.query<Progress>(progressQuery))) await pause(50);
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
