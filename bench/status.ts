// How fast the page of `holdfast status` is over many deployments: the whole command, the first time, when every manifest and log
// entry is read, and from the cache. Prints Markdown. Usage: npm run bench:status [-- --deployments 20 --backups 5000]
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { BINARY } from '../demo/command-line.js';
import { inSandbox } from '../demo/sandbox.js';
import { logBytes, logFolderIn, logName, parseLogObject } from '../src/catalog/log-object.js';
import { manifestBytes } from '../src/catalog/manifest-file.js';
import { SIGNATURE_NAME, signatureBytes } from '../src/catalog/signed-manifest.js';
import { publicKeyText, signed } from '../src/catalog/signing.js';
import type { LogEntry } from '../src/domain/log-entry.js';
import { sampleManifest } from '../test/unit/cli/sample-manifest.js';

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '20' },
    backups: { type: 'string', default: '5000' },
    folder: { type: 'string' },
  },
});
const names = Array.from({ length: Number(values.deployments) }, (_, index) => `app-${index}`);
const nights = Math.round(Number(values.backups) / names.length);
const REPOSITORIES = ['local', 'offsite'];
const ARTIFACTS = ['database.main.dump.zst', 'files.storage.tar.zst', 'globals.sql.zst', 'RESTORE.md'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const { privateKey } = generateKeyPairSync('ed25519');
const key = { privateKey, publicKey: publicKeyText(privateKey) };
/** Last night at two o’clock, by UTC. */
const lastNight = Math.floor((Date.now() - 2 * HOUR_MS) / DAY_MS) * DAY_MS + 2 * HOUR_MS;

await inSandbox(values.folder, async ({ folder }) => {
  const config = await createRepositories(folder);
  console.log(
    `| ${names.length} deployments, ${nights * names.length} backups | seconds | of a processor | peak, MB |`,
  );
  console.log('|---|---|---|---|');
  console.log(`| everything read | ${await measured(config)} |`);
  for (let times = 0; times < 5; times++) console.log(`| from the cache | ${await measured(config)} |`);
});

async function measured(config: string): Promise<string> {
  const timed = ['-f', '%e | %U %S | %M', process.execPath, BINARY, 'status', '--json', '--config', config];
  const { stdout, stderr } = await execa('/usr/bin/time', timed, { reject: false });
  const page = JSON.parse(stdout);
  if (page.error !== undefined) throw new Error(page.error.message);
  const found = page.deployments.map((one: { copies: { backups: number }[] }) => one.copies[1]?.backups);
  if (found.length !== names.length || found.some((count: number) => count !== nights))
    throw new Error(`other backups were found: ${found.join(' ')}`);
  const [seconds, processor = '', kilobytes] = stderr.trim().split('\n').at(-1)?.split(' | ') ?? [];
  const used = processor.split(' ').reduce((sum, part) => sum + Number(part), 0);
  return `${seconds} | ${used.toFixed(2)} | ${(Number(kilobytes) / 1000).toFixed(0)}`;
}

async function createRepositories(folder: string): Promise<string> {
  for (const name of names) await createDeployment(folder, name);
  const tiers =
    '{ daily: { keep: 14 }, weekly: { from: daily, keep: 52 }, monthly: { from: daily, keep: all } }';
  const config = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
timezone: UTC
trust: ["${key.publicKey}"]
repositories: { ${REPOSITORIES.map((name) => `${name}: { local: ${folder}/${name} }`).join(', ')} }
deployments:
${names.map((name) => `  ${name}: { files: { storage: ${folder}/${name}-storage }, tiers: ${tiers} }`).join('\n')}
`;
  await writeFile(config, text, { mode: 0o600 });
  return config;
}

/** A backup a night, and in the log that it was made and copied. */
async function createDeployment(folder: string, name: string): Promise<void> {
  let previous: LogEntry['previous'] = null;
  for (let night = nights - 1; night >= 0; night--) {
    const at = new Date(lastNight - night * DAY_MS).toISOString();
    const id = `${at.replace(/[-:]/g, '').slice(0, 15)}Z-full-0001`;
    const times = { startedAt: at, scheduledFor: at, finishedAt: at };
    const manifest = manifestBytes({ ...sampleManifest, ...times, id, deployment: name, tiers: ['daily'] });
    const files = { 'manifest.json': manifest, [SIGNATURE_NAME]: signatureBytes(signed(key, manifest)) };
    for (const kind of ['backup', 'copy'] as const) {
      const facts = { repository: 'local', tiers: ['daily'], bytes: 2_000_500 };
      const event = {
        deployment: name,
        kind,
        id: `${kind === 'copy' ? 'c' : 'b'}${String(night).padStart(9, '0')}`,
      };
      const told = { at, backup: id, outcome: kind === 'copy' ? 'copied' : 'made', facts };
      const entry: LogEntry = {
        ...event,
        ...told,
        version: 1,
        instance: 'a1b2c3',
        holdfastVersion: '0.1.0',
        previous,
      };
      const bytes = logBytes(entry, key);
      const stored = parseLogObject(bytes, { deployment: name, name: logName(entry) });
      previous = { name: logName(entry), sha256: stored?.sha256 ?? '' };
      await write(folder, join(logFolderIn(name), logName(entry)), bytes);
    }
    for (const artifact of ARTIFACTS) await write(folder, join(name, id, artifact), Buffer.alloc(0));
    for (const [file, bytes] of Object.entries(files)) await write(folder, join(name, id, file), bytes);
  }
}

async function write(folder: string, key: string, bytes: Buffer): Promise<void> {
  for (const repository of REPOSITORIES) {
    const path = join(folder, repository, key);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await writeFile(path, bytes);
  }
}
