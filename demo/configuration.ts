// The holdfast.yaml of a sandbox: its backups and its state beside it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Cluster } from '../test/support/postgres-cluster.js';

export interface Protected {
  database: string;
  storage?: string;
}

/** @returns the path of the file */
export const writeConfiguration = async (
  folder: string,
  cluster: Cluster,
  deployments: Record<string, Protected>,
): Promise<string> => {
  const passwordFile = join(folder, 'database-password.txt');
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  const password = `file:${passwordFile}`;
  const { host, port, user } = cluster;
  const settings = ({ database, storage }: Protected) => ({
    database: { host, port, name: database, user, password },
    ...(storage === undefined ? {} : { files: { storage } }),
    repositories: ['local'],
  });
  const configuration = {
    state: join(folder, 'state'),
    temporal: 'embedded',
    repositories: { local: { local: join(folder, 'backups') } },
    deployments: Object.fromEntries(
      Object.entries(deployments).map(([name, what]) => [name, settings(what)]),
    ),
  };
  const file = join(folder, 'holdfast.yaml');
  await writeFile(file, stringify(configuration), { mode: 0o600 });
  return file;
};
