// A hook reaches the database by what is in its environment, and with nothing secret in it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { runHooks } from '../../src/operations/hooks.js';
import { writeConnectionFiles } from '../../src/tools/postgres-connection.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { rememberingRegister } from '../support/programs.js';

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  [cluster, folder] = await Promise.all([startCluster(), mkdtemp(join(tmpdir(), 'holdfast-hook-'))]);
  await cluster.query('postgres', 'create database edms_live');
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

test('psql without an argument is in the first database', async () => {
  const target = targetOf(cluster, 'edms_live');
  const connection = await writeConnectionFiles(folder, target, 'holdfast:test:0123456789');
  const script = `
    psql -XAt -c "select current_database() || ' ' || current_user" > '${folder}/said' && env > '${folder}/env'`;
  await runHooks([['sh', '-c', script]], {
    name: 'afterRestore',
    facts: {
      ...{ deployment: 'edms', backup: '20260111T224748Z-full-3f9a', operation: '0123456789', trees: [] },
      databases: [target],
      connection,
    },
    signal: new AbortController().signal,
    processes: rememberingRegister().register,
    effect: runEffect,
    timeoutMs: 30_000,
  });
  expect(await readFile(join(folder, 'said'), 'utf8')).toBe(`edms_live ${cluster.user}\n`);
  expect(await readFile(join(folder, 'env'), 'utf8')).not.toContain(cluster.password);
});
