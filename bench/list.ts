// How fast ten thousand backups are listed: the first time, when every manifest is read; with an empty cache, from the summaries
// that a prune has left in the bucket; and from the cache. Prints Markdown.
// Usage: npm run bench:list [-- --backups 10000 --server versitygw]
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCache } from '../src/catalog/cache.js';
import { listBackups } from '../src/catalog/catalog.js';
import { manifestBytes } from '../src/catalog/manifest-file.js';
import { SIGNATURE_NAME, signatureBytes } from '../src/catalog/signed-manifest.js';
import { publicKeyText, type SigningKey, signed } from '../src/catalog/signing.js';
import { storeTravelling } from '../src/catalog/travelling-cache.js';
import { loadConfig } from '../src/config/load.js';
import { runEffect } from '../src/domain/effect.js';
import { mapLimited } from '../src/files/limited.js';
import { openRepository } from '../src/repositories/open-repository.js';
import type { ServerKind } from '../test/support/s3-server-kinds.js';
import { startS3Server } from '../test/support/s3-servers.js';
import { sampleManifest } from '../test/unit/cli/sample-manifest.js';

const { values } = parseArgs({
  options: { backups: { type: 'string', default: '10000' }, server: { type: 'string' } },
});
const count = Number(values.backups);
const key = newKey();
const NAMES = ['database.main.dump.zst', 'files.storage.tar.zst', 'RESTORE.md'];

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-list-'));
const server = values.server === undefined ? null : await startS3Server(values.server as ServerKind);
const settings = server?.settings();
try {
  const config = await loadConfig({ file: await createBackups() });
  console.log(`| ${count} backups | seconds | of a processor |\n|---|---|---|`);
  console.log(`| every manifest read | ${await measured()} |`);
  if (settings !== undefined) {
    await storeSummaries();
    for (let times = 0; times < 3; times++) {
      await rm(config.state, { recursive: true });
      console.log(`| an empty cache, and summaries in the bucket | ${await measured()} |`);
    }
  }
  for (let times = 0; times < 3; times++) console.log(`| from the cache | ${await measured()} |`);
  if (server !== null)
    console.log(`| beside it: the server’s pages alone, one after the other | ${await timed(pages)} |`);

  /** As a prune of the host that owns the backups leaves them; this one trusts its key. */
  async function storeSummaries(): Promise<void> {
    const [repository] = Object.values(config.repositories);
    if (repository === undefined) return;
    config.trust.push(key.publicKey);
    const known = await readCache({ state: config.state, repository, deployment: 'edms' });
    const place = { repository: openRepository(repository), deployment: 'edms' };
    await storeTravelling(place, { known, key, effect: runEffect });
  }

  function measured(): Promise<string> {
    return timed(async () => {
      const listed = await listBackups(config);
      if (listed.length !== count) throw new Error(`${listed.length} were listed`);
    });
  }
} finally {
  await server?.stop();
  await rm(folder, { recursive: true });
}

async function timed(act: () => Promise<void>): Promise<string> {
  const begin = performance.now();
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return `${((performance.now() - begin) / 1000).toFixed(2)} | ${((user + system) / 1e6).toFixed(2)}`;
}

/** What nobody who lists this bucket can do without, as the SDK does it. */
async function pages(): Promise<void> {
  const { bucket = '', prefix = '' } = settings ?? {};
  let token: string | undefined;
  do {
    const page = await server?.s3.listObjectsV2({
      ...{ Bucket: bucket, Prefix: `${prefix}/` },
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    token = page?.NextContinuationToken;
  } while (token !== undefined);
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKeyText(privateKey) };
}

/** In a folder, or in a bucket of a server of the tests. */
async function createBackups(): Promise<string> {
  const start = Date.parse('2016-01-01T02:00:00Z');
  await mapLimited([...Array(count).keys()], 16, async (night) => {
    const at = new Date(start + night * 3_600_000).toISOString().replace(/[-:]/g, '').slice(0, 15);
    const id = `${at}Z-full-0001`;
    const manifest = manifestBytes({ ...sampleManifest, id });
    for (const name of NAMES) await put(`edms/${id}/${name}`, Buffer.alloc(0));
    await put(`edms/${id}/${SIGNATURE_NAME}`, signatureBytes(signed(key, manifest)));
    await put(`edms/${id}/manifest.json`, manifest);
  });
  const { bucket, prefix, endpoint, accessKeyId, secretAccessKey } = settings ?? {};
  const repository =
    settings === undefined
      ? { local: join(folder, 'backups') }
      : { s3: { bucket, prefix, endpoint, accessKeyId, secretAccessKey } };
  const file = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
repositories: { offsite: ${JSON.stringify(repository)} }
deployments: { edms: { files: { storage: ${folder}/storage } } }
`;
  await writeFile(file, text, { mode: 0o600 });
  return file;

  async function put(key: string, bytes: Buffer): Promise<void> {
    if (settings !== undefined) {
      await server?.s3.putObject({ Bucket: settings.bucket, Key: `${settings.prefix}/${key}`, Body: bytes });
      return;
    }
    const path = join(folder, 'backups', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
