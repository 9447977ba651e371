// The holdfast.yaml of a sandbox: one deployment, its backups and its state beside it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Cluster } from '../test/support/postgres-cluster.js';

export interface Protected {
  folder: string;
  cluster: Cluster;
  deployment: string;
  database: string;
  storage: string;
}

/** @returns the path of the file */
export const writeConfiguration = async (what: Protected): Promise<string> => {
  const { folder, cluster, database } = what;
  const password = join(folder, 'database-password.txt');
  await writeFile(password, `${cluster.password}\n`, { mode: 0o600 });
  const { host, port, user } = cluster;
  const configuration = {
    state: join(folder, 'state'),
    temporal: 'embedded',
    repositories: { local: { local: join(folder, 'backups') } },
    deployments: {
      [what.deployment]: {
        database: { host, port, name: database, user, password: `file:${password}` },
        files: { storage: what.storage },
        repositories: ['local'],
      },
    },
  };
  const file = join(folder, 'holdfast.yaml');
  await writeFile(file, stringify(configuration), { mode: 0o600 });
  return file;
};
