// How fast holdfast is, beside what the same programs do without it. Asserts nothing; prints Markdown.
// Usage: npm run bench [-- --database 2GB --files 2GB --runs 5 --folder NEW-FOLDER]
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '../demo/command-line.js';
import { writeConfiguration } from '../demo/configuration.js';
import { inSandbox, type Sandbox } from '../demo/sandbox.js';
import { startCluster } from '../test/support/postgres-cluster.js';
import { createDatabases, DATABASE, EMPTY_DATABASE } from './database.js';
import { measureDrills } from './drills.js';
import { createFiles } from './files.js';
import { watchMemory } from './memory.js';
import { report } from './report.js';
import { measureRestores } from './restores.js';
import { DEPLOYMENT, EMPTY_DEPLOYMENT, measureRounds } from './rounds.js';
import { parseSize } from './sizes.js';

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '2GB' },
    files: { type: 'string', default: '2GB' },
    runs: { type: 'string', default: '5' },
    folder: { type: 'string' },
  },
});

/** A server that cares for its data like any other, unlike those of tests. */
const SETTINGS = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_wal_size: '4GB' };

await inSandbox(values.folder, bench).catch((error: unknown) => {
  console.error(`\nthe benchmark failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});

async function bench(sandbox: Sandbox): Promise<void> {
  const subject = await createSubject(sandbox);
  const config = await writeConfiguration(sandbox.folder, subject.cluster, {
    [DEPLOYMENT]: { database: DATABASE, storage: subject.storage },
    [EMPTY_DEPLOYMENT]: { database: EMPTY_DATABASE },
  });
  const place = { sandbox, config };
  const { agentPid } = await serve(place);
  const memory = watchMemory(agentPid);
  const { measured, steps } = await measureRounds(place, subject, Number(values.runs));
  const restores = await measureRestores(place, subject.cluster.url(DATABASE), Number(values.runs));
  const drills = await measureDrills(place, subject, Number(values.runs));
  const peaks = await memory.stop();
  console.log(`\n${report({ subject: description(), measured, steps, restores, drills, peaks })}`);
}

async function createSubject(sandbox: Sandbox) {
  console.error(`Making a database of ${values.database} and ${values.files} of files…`);
  const cluster = await startCluster({ folder: join(sandbox.folder, 'postgresql'), settings: SETTINGS });
  sandbox.atEnd(() => cluster.stop());
  const [storage, scratch] = [join(sandbox.folder, 'storage'), join(sandbox.folder, 'scratch')];
  await mkdir(scratch);
  await createDatabases(cluster, parseSize(values.database));
  await createFiles(storage, parseSize(values.files));
  return { cluster, storage, scratch, interrupted: sandbox.interrupted };
}

function description(): string {
  return `Database ${values.database}, files ${values.files}, ${values.runs} rounds, ${cpus().length} processors.`;
}
