import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '../../src/repositories/open-repository.js';
import { filesBelow } from '../support/rclone-server.js';
import { repositorySuite } from './repository-suite.js';

/** A remote of type local: everything that holdfast asks of rclone, without a server. */
repositorySuite('rclone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-rclone-'));
  const backups = join(folder, 'backups');
  await mkdir(backups);
  process.env.RCLONE_CONFIG = join(folder, 'rclone.conf');
  await writeFile(process.env.RCLONE_CONFIG, '[disk]\ntype = local\n', { mode: 0o600 });
  const settings = { kind: 'rclone' as const, name: 'offsite', remote: `disk:${backups}` };
  return {
    settings,
    repository: openRepository(settings),
    resumes: false,
    everything: () => filesBelow(backups),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
