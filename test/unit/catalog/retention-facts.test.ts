// What a repository is asked before retention is reckoned.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Answering } from '../../../src/catalog/answering.js';
import { readHoldings } from '../../../src/catalog/retention.js';
import { backUp } from '../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../support/files-deployment.js';

let deployment: FilesDeployment;
beforeEach(async () => {
  deployment = await createFilesDeployment();
});
afterEach(() => deployment.remove());

const log = { entries: [], gaps: [], problems: [], unreadable: [], offline: [] };

it('all of it is asked within the time that the repository has, who signed what it holds among it', async () => {
  const { backup } = await backUp(deployment.dependencies, 'edms');
  const config = await deployment.dependencies.loadConfig();
  const folder = join(deployment.folder, 'backups');
  await rm(join(folder, 'edms', backup, 'manifest.sig'));
  const answering: Answering = async (_settings, ask) => {
    const answer = await ask();
    await rm(folder, { recursive: true });
    return answer;
  };
  const { repositories } = await readHoldings(config, 'edms', { log, noted: [], answering });
  expect(repositories).toMatchObject([
    { backups: [{ id: backup, problem: 'nobody has signed it, so what it says of itself does not count' }] },
  ]);
});
