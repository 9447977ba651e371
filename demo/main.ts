// The main job, end to end, on real parts: back up a database and its files, destroy both, put both back, and compare
// everything with what was there before. Usage: npm run demo [-- [--keep] [--folder NEW-FOLDER]]
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type Application,
  createApplication,
  destroyApplication,
  snapshotApplication,
} from './application.js';
import { holdfast, type Place, serve } from './command-line.js';
import { differences } from './compare.js';
import { writeConfiguration } from './configuration.js';
import { DATABASE } from './dataset.js';
import { type Outcome, report } from './report.js';
import { inSandbox, type Sandbox } from './sandbox.js';

const DEPLOYMENT = 'edms';

const backupAnswer = z.object({ backup: z.string(), bytes: z.number() });
const restoreAnswer = z.object({ downtimeMs: z.number() });

const { values } = parseArgs({ options: { keep: { type: 'boolean' }, folder: { type: 'string' } } });

process.exitCode = await inSandbox(values.folder, demonstrate).catch((error: unknown) => {
  console.error(`\nthe demonstration failed: ${error instanceof Error ? error.message : error}`);
  return 1;
});

async function demonstrate(sandbox: Sandbox): Promise<number> {
  console.error('Creating a PostgreSQL server, a database and a folder of files…');
  const application = await createApplication(sandbox);
  const config = await writeConfiguration(sandbox.folder, application.cluster, {
    [DEPLOYMENT]: { database: DATABASE, storage: application.storage },
  });
  const place = { sandbox, config };
  const { uiUrl } = await serve(place);
  const outcome = await backUpDestroyRestore(place, application);
  console.log(`\n${report(outcome)}\n\nThe runs in the Temporal UI: ${uiUrl}`);
  if (values.keep) {
    console.log(`Everything is still running. Try: bin/holdfast.js list --config ${config}`);
    console.log('Ctrl-C stops all of it and removes the folder.');
    await sandbox.untilInterrupted();
  }
  return outcome.differences.length === 0 ? 0 : 1;
}

async function backUpDestroyRestore(place: Place, application: Application): Promise<Outcome> {
  await holdfast(place, 'doctor', DEPLOYMENT);
  const before = await snapshotApplication(application);
  const backup = await holdfast(place, 'backup', DEPLOYMENT, '--json');
  await holdfast(place, 'list', DEPLOYMENT);
  console.error('\nDropping the database and deleting the files…');
  await destroyApplication(application);
  const restore = await holdfast(place, 'restore', DEPLOYMENT, 'latest', '--confirm', DEPLOYMENT, '--json');
  const after = await snapshotApplication(application);
  const { backup: id, bytes } = backupAnswer.parse(JSON.parse(backup.stdout));
  return {
    before,
    backupSeconds: backup.seconds,
    backup: { id, bytes },
    restoreSeconds: restore.seconds,
    downtimeMs: restoreAnswer.parse(JSON.parse(restore.stdout)).downtimeMs,
    differences: differences(before, after),
  };
}
