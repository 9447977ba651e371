// A restic repository of a test's own, with its password in a file beside it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositorySettings } from '../../src/config/config.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from './restic-template.js';

export interface ResticVault {
  /** To be removed by the test. The repository is `vault` in it. */
  folder: string;
  /** A file. */
  password: string;
  /** @param name of a folder beside it: another repository with the same password, which need not be there */
  at(name: string): RepositorySettings;
}

export const resticVault = async (): Promise<ResticVault> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-'));
  const password = join(folder, 'password');
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await makeResticTemplate(join(folder, 'vault'));
  return {
    folder,
    password,
    at: (name) => ({
      ...{ kind: 'restic', name, repository: join(folder, name), environment: {} },
      password: `file:${password}`,
    }),
  };
};
