// A deployment of one file tree, whose holdfast.yaml can be edited: what an activity needs when no database is in play.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { dependenciesOf } from './backup-by-hand.js';

export interface FilesDeployment {
  folder: string;
  storage: string;
  /** holdfast.yaml. */
  file: string;
  dependencies: Dependencies;
  /** Writes holdfast.yaml again with these settings of the deployment, and these beside it. */
  configure(settings?: object, beside?: object): Promise<void>;
  remove(): Promise<void>;
}

export const createFilesDeployment = async (): Promise<FilesDeployment> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-files-'));
  const storage = join(folder, 'storage');
  const file = join(folder, 'holdfast.yaml');
  await mkdir(storage);
  await writeFile(join(storage, 'document'), 'a document');
  const configure = async (settings: object = {}, beside: object = {}) => {
    const config = {
      state: join(folder, 'state'),
      repositories: { local: { local: join(folder, 'backups') } },
      deployments: { edms: { files: { storage }, ...settings } },
      ...beside,
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  };
  await configure();
  return {
    folder,
    storage,
    file,
    dependencies: await dependenciesOf(file),
    configure,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
