// A hook reaches the databases by what is in its environment, with nothing secret in it, and nothing secret comes out of it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../src/config/config.js';
import { runEffect } from '../../src/domain/effect.js';
import { asFailure } from '../../src/domain/failure.js';
import { hookFacts } from '../../src/operations/hook-facts.js';
import { runHooks } from '../../src/operations/hooks.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { rememberingRegister } from '../support/programs.js';
import { sampleRecord } from '../unit/operations/sample-record.js';

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  [cluster, folder] = await Promise.all([startCluster(), mkdtemp(join(tmpdir(), 'holdfast-hook-'))]);
  for (const name of ['edms_live', 'audit']) await cluster.query('postgres', `create database ${name}`);
  await writeFile(join(folder, 'password'), cluster.password, { mode: 0o600 });
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const hook = async (script: string): Promise<void> => {
  const { host, port, user } = cluster;
  const record = sampleRecord(folder);
  const settings: DatabaseSettings = {
    ...{ kind: 'url', name: 'main', path: 'deployments.edms.database' },
    url: `postgresql://${user}@${encodeURIComponent(host)}:${port}/edms_live?sslmode=disable&options=-cwork_mem%3D7MB`,
    password: `file:${folder}/password`,
  };
  record.settings.deployment.databases = [settings];
  await runHooks([['sh', '-c', script]], {
    name: 'afterRestore',
    facts: await hookFacts(record, { state: folder, instance: 'test' }),
    signal: new AbortController().signal,
    processes: rememberingRegister().register,
    effect: runEffect,
    timeoutMs: 30_000,
  });
};

const ASKED = `select current_database() || ' ' || current_user || ' ' || current_setting('application_name')
  || ' ' || current_setting('work_mem')`;

const said = () => readFile(join(folder, 'said'), 'utf8');

test('psql without an argument is in the first database, as configured and as the operation’s session', async () => {
  await hook(`psql -XAt -c "${ASKED}" > '${folder}/said' && env > '${folder}/env'`);
  expect(await said()).toBe(`edms_live ${cluster.user} holdfast:test:0123456789 7MB\n`);
  const env = await readFile(join(folder, 'env'), 'utf8');
  expect(env).toContain('PGSSLMODE=disable\n');
  expect(env).not.toContain(cluster.password);
});

test('a hook may choose another database', async () => {
  await hook(`PGDATABASE=audit psql -XAt -c "${ASKED}" > '${folder}/said'`);
  expect(await said()).toBe(`audit ${cluster.user} holdfast:test:0123456789 7MB\n`);
});

test('a password that a hook prints does not get into its failure', async () => {
  const failure = asFailure(
    await hook(`echo "error: cannot use $(cut -d: -f5 "$PGPASSFILE")" >&2; exit 1`).catch((error) => error),
  );
  expect(failure.message).toMatch(/failed \(exit 1: cannot use \[secret\]\)$/);
  expect(failure.evidence).toBe('error: cannot use [secret]\n');
});
