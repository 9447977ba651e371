import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openRepository } from '../../src/repositories/open-repository.js';
import { repositorySuite } from './repository-suite.js';

repositorySuite('local', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-repository-'));
  const settings = { kind: 'local' as const, name: 'local', path: join(folder, 'backups') };
  return {
    settings,
    repository: openRepository(settings),
    everything: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => !entry.isDirectory());
      return files.map((file) => relative(settings.path, join(file.parentPath, file.name))).sort();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
