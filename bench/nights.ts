// Nights with 1 % change (change.ts) in a repository that deduplicates, beside the same nights in a plain folder: what each takes and what
// it adds; and how long restic takes by hand, with a hash of all, in nights of its own. By the activities, without Temporal. Asserts nothing; prints Markdown.
// Usage: npm run bench:nights [-- --database 60MB --files 60MB --nights 30]
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inSandbox, type Sandbox } from '../demo/sandbox.js';
import { backUp, dependenciesOf } from '../test/support/backup-by-hand.js';
import { type Cluster, startCluster } from '../test/support/postgres-cluster.js';
import { timeScript } from './by-hand.js';
import { CHANGES, changeDatabase, changeFiles } from './change.js';
import { createDatabases, DATABASE } from './database.js';
import { createFiles } from './files.js';
import { parseSize } from './sizes.js';
import { median } from './statistics.js';

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: '60MB' },
    files: { type: 'string', default: '60MB' },
    nights: { type: 'string', default: '30' },
    folder: { type: 'string' },
  },
});

const DEPLOYMENT = 'bench';

/** By hand; the first one fills its repository. Not between the others: whoever waits longer finds less in the page cache. */
const HAND_NIGHTS = 4;

interface Night {
  plain: Measured;
  restic: Measured;
}

type Kind = 'plain' | 'restic';

interface Measured {
  seconds: number;
  /** Seconds of processors, of the programs too, but not of the database server. */
  busy: number;
  /** Bytes that the repository grew by. */
  added: number;
}

await inSandbox(values.folder, bench).catch((error: unknown) => {
  console.error(`\nthe benchmark failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});

async function bench(sandbox: Sandbox): Promise<void> {
  const cluster = await startCluster({ folder: join(sandbox.folder, 'postgresql') });
  sandbox.atEnd(() => cluster.stop());
  const storage = join(sandbox.folder, 'storage');
  await createDatabases(cluster, parseSize(values.database));
  await createFiles(storage, parseSize(values.files));
  const nights: Night[] = [];
  for (let night = 0; night < Number(values.nights); night++) {
    if (night > 0) await change(cluster, { storage, night });
    nights.push({
      plain: await measure(sandbox, cluster, 'plain'),
      restic: await measure(sandbox, cluster, 'restic'),
    });
    console.error(lineOf(night, nights.at(-1)));
  }
  const scratch = join(sandbox.folder, 'scratch');
  await mkdir(scratch);
  const hand: number[] = [];
  for (let night = nights.length; night < nights.length + HAND_NIGHTS; night++) {
    await change(cluster, { storage, night });
    hand.push(await timeScript({ cluster, storage, scratch, interrupted: sandbox.interrupted }, 'restic'));
  }
  console.log(report(nights, median(hand.slice(1))));
}

async function change(
  cluster: Cluster,
  { storage, night }: { storage: string; night: number },
): Promise<void> {
  await changeDatabase(cluster, night);
  await changeFiles(storage, night);
}

async function measure(sandbox: Sandbox, cluster: Cluster, kind: Kind): Promise<Measured> {
  const folder = join(sandbox.folder, kind);
  const file = await configure(sandbox, cluster, { kind, folder });
  const before = await bytesIn(folder);
  const [begin, busyBefore] = [performance.now(), await busySeconds()];
  await backUp(await dependenciesOf(file), DEPLOYMENT);
  const seconds = (performance.now() - begin) / 1000;
  const busy = (await busySeconds()) - busyBefore;
  const added = (await bytesIn(folder)) - before;
  if (kind === 'plain') await rm(folder, { recursive: true });
  return { seconds, busy, added };
}

/** Of this process and of those that it waited for, in hundredths of a second (Linux). */
async function busySeconds(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /, '').split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

async function configure(
  { folder: sandbox }: Sandbox,
  cluster: Cluster,
  { kind, folder }: { kind: Kind; folder: string },
): Promise<string> {
  await mkdir(join(sandbox, `${kind}-state`), { recursive: true, mode: 0o700 });
  const password = join(sandbox, 'password');
  await writeFile(password, cluster.password, { mode: 0o600 });
  const { host, port, user } = cluster;
  const config = {
    state: join(sandbox, `${kind}-state`),
    repositories: {
      [kind]: kind === 'plain' ? { local: folder } : { restic: folder, password: `file:${password}` },
    },
    deployments: {
      [DEPLOYMENT]: {
        database: { host, port, user, name: DATABASE, password: `file:${password}` },
        files: { storage: join(sandbox, 'storage') },
      },
    },
  };
  if (kind === 'plain') await mkdir(folder, { recursive: true });
  const file = join(sandbox, `${kind}.yaml`);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => stat(join(folder, name))));
  return sizes.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0);
}

function lineOf(night: number, measured: Night | undefined): string {
  const cell = ({ seconds, busy, added }: Measured) =>
    `${seconds.toFixed(2)} | ${busy.toFixed(2)} | ${(added / 1e6).toFixed(1)}`;
  return measured === undefined
    ? ''
    : `| ${night + 1} | ${cell(measured.plain)} | ${cell(measured.restic)} |`;
}

function report(nights: readonly Night[], hand: number): string {
  const total = (kind: Kind) => nights.reduce((sum, night) => sum + night[kind].added, 0);
  const later = nights.slice(1);
  const of = (kind: Kind, what: 'seconds' | 'busy') => median(later.map((night) => night[kind][what]));
  const beside = (what: 'seconds' | 'busy') => {
    const [plain, restic] = [of('plain', what), of('restic', what)];
    return `plain ${plain.toFixed(2)} s, restic ${restic.toFixed(2)} s, ${(restic / plain).toFixed(2)} ×`;
  };
  const first = nights[0]?.restic.added ?? 0;
  return [
    `\nDatabase ${values.database}, files ${values.files}, ${cpus().length} processors. ${CHANGES}\n`,
    '| night | plain, s | of processors | MB | restic, s | of processors | MB |\n|---|---|---|---|---|---|---|',
    ...nights.map((night, index) => lineOf(index, night)),
    '',
    `All nights: plain ${(total('plain') / 1e6).toFixed(1)} MB, restic ${(total('restic') / 1e6).toFixed(1)} MB, which is`,
    `${(total('restic') / first).toFixed(2)} × its first night.`,
    `The later nights’ median: ${beside('seconds')}; of processors: ${beside('busy')}.`,
    `By hand, with a hash of all: ${hand.toFixed(2)} s, ${(hand / of('plain', 'seconds')).toFixed(2)} × the plain one.`,
  ].join('\n');
}
