// The application that the demonstration protects: a PostgreSQL server with a database, and a folder of files.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../test/support/postgres-cluster.js';
import type { Snapshot } from './compare.js';
import { snapshotDatabase } from './database-snapshot.js';
import { createDatabase, DATABASE, dropDatabase } from './dataset.js';
import { createFiles } from './files.js';
import type { Sandbox } from './sandbox.js';
import { snapshotTree } from './tree-snapshot.js';

export interface Application {
  cluster: Cluster;
  storage: string;
}

export const createApplication = async (sandbox: Sandbox): Promise<Application> => {
  const cluster = await startCluster({ folder: join(sandbox.folder, 'postgresql') });
  sandbox.atEnd(() => cluster.stop());
  const storage = join(sandbox.folder, 'storage');
  await Promise.all([createDatabase(cluster), createFiles(storage)]);
  return { cluster, storage };
};

export const snapshotApplication = async ({ cluster, storage }: Application): Promise<Snapshot> => ({
  database: await snapshotDatabase(cluster, DATABASE),
  files: await snapshotTree(storage),
});

export const destroyApplication = async ({ cluster, storage }: Application): Promise<void> => {
  await dropDatabase(cluster);
  await rm(storage, { recursive: true });
};
