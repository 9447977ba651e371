// A copy of one artifact into a bucket, beside what rclone takes for the same file and the same server. Both servers of the
// tests, one after the other; rounds alternate, so that what slows the machine slows both. Asserts nothing; prints Markdown.
// Usage: npm run bench:copy [-- --size 1GB --rounds 3 --server versitygw]
import { spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { manifestBytes } from '../src/catalog/manifest-file.js';
import { signatureKey } from '../src/catalog/signed-manifest.js';
import type { LocalSettings } from '../src/config/config.js';
import { runEffect } from '../src/domain/effect.js';
import { copyBackup } from '../src/operations/copies/copy-backup.js';
import { openRepository } from '../src/repositories/open-repository.js';
import { SERVER_KINDS, type ServerKind } from '../test/support/s3-server-kinds.js';
import { type S3Server, startS3Server } from '../test/support/s3-servers.js';
import { signatureOf, TRUST } from '../test/support/stored-backup.js';
import { sampleManifest } from '../test/unit/cli/sample-manifest.js';
import { parseSize } from './sizes.js';
import { median, ratio } from './statistics.js';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1GB' },
    rounds: { type: 'string', default: '3' },
    server: { type: 'string' },
  },
});

const ID = sampleManifest.id;
const NAME = 'files.storage.tar.zst';

interface Subject {
  folder: string;
  local: LocalSettings;
  file: string;
  bytes: number;
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-copy-'));
try {
  const subject = await createBackup(parseSize(values.size));
  const servers: ServerKind[] =
    values.server === undefined ? [...SERVER_KINDS] : [values.server as ServerKind];
  console.log(`\n| ${values.size} to | holdfast | rclone copy | ratio |\n|---|---|---|---|`);
  for (const kind of servers) {
    const server = await startS3Server(kind);
    try {
      const { ours, theirs } = await measure(server, subject);
      const times = (seconds: number[]) => seconds.map((one) => one.toFixed(1)).join(', ');
      console.log(
        `| ${kind} | ${median(ours).toFixed(1)} s (${times(ours)}) | ${median(theirs).toFixed(1)} s (${times(theirs)}) | ${ratio(ours, theirs).toFixed(2)} |`,
      );
    } finally {
      await server.stop();
    }
  }
} finally {
  await rm(folder, { recursive: true });
}

async function measure(server: S3Server, subject: Subject): Promise<{ ours: number[]; theirs: number[] }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    // The one that goes first changes with the round.
    const both = [
      async () => ours.push(await timeCopy(server, subject)),
      async () => theirs.push(await timeRclone(server, subject)),
    ];
    for (const one of round % 2 === 0 ? both : both.reverse()) await one();
  }
  return { ours, theirs };
}

/** Parts of the size that is configured where nothing is said. */
async function timeCopy(server: S3Server, { folder, local }: Subject): Promise<number> {
  const to = server.settings({ partBytes: 16 << 20 });
  spawnSync('sync');
  const begin = performance.now();
  await copyBackup(
    { deployment: 'edms', backup: ID, from: [local], to, trust: TRUST },
    {
      host: { state: join(folder, 'state'), effect: runEffect },
      signal: new AbortController().signal,
      stallTimeoutMs: 600_000,
      report: () => undefined,
    },
  );
  const seconds = (performance.now() - begin) / 1000;
  await openRepository(to).removeFolder(`edms/${ID}`, runEffect);
  return seconds;
}

async function timeRclone(server: S3Server, { file, bytes }: Subject): Promise<number> {
  const { bucket, prefix } = server.settings();
  const { HOLDFAST_TEST_S3_KEY: key = '', HOLDFAST_TEST_S3_SECRET: secret = '' } = process.env;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    RCLONE_CONFIG: '/dev/null',
    ...{ RCLONE_S3_PROVIDER: 'Other', RCLONE_S3_ENDPOINT: server.endpoint, RCLONE_S3_REGION: 'us-east-1' },
    ...{ RCLONE_S3_ACCESS_KEY_ID: key, RCLONE_S3_SECRET_ACCESS_KEY: secret },
  };
  spawnSync('sync');
  const { durationMs } = await execa('rclone', ['copy', file, `:s3:${bucket}/${prefix}`], {
    env,
    // Nothing of the host's own ways to a bucket.
    extendEnv: false,
  });
  const [stored] = (await server.s3.listObjectsV2({ Bucket: bucket, Prefix: prefix })).Contents ?? [];
  if (stored?.Size !== bytes) throw new Error(`rclone stored ${stored?.Size} bytes`);
  await server.s3.deleteObject({ Bucket: bucket, Key: stored.Key });
  return durationMs / 1000;
}

/** Random bytes: nothing on the way can make less of them. */
async function createBackup(bytes: number): Promise<Subject> {
  const local: LocalSettings = { kind: 'local', name: 'local', path: join(folder, 'backups') };
  const file = join(local.path, 'edms', ID, NAME);
  await mkdir(dirname(file), { recursive: true });
  const sha256 = await fill(file, bytes);
  const artifact = {
    name: NAME,
    kind: 'files' as const,
    source: 'storage',
    rawBytes: null,
    transforms: ['zstd' as const],
  };
  const manifest = {
    ...sampleManifest,
    artifacts: [{ ...artifact, bytes, sha256 }],
    databases: [],
    trees: [],
  };
  const repository = openRepository(local);
  await repository.put(signatureKey('edms', ID), signatureOf(manifest), runEffect);
  await repository.put(`edms/${ID}/manifest.json`, manifestBytes(manifest), runEffect);
  return { folder, local, file, bytes: (await stat(file)).size };
}

async function fill(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  for (let left = bytes; left > 0; ) {
    const chunk = randomFillSync(Buffer.alloc(Math.min(left, 8 << 20)));
    hash.update(chunk);
    await file.writeFile(chunk);
    left -= chunk.length;
  }
  await file.close();
  return hash.digest('hex');
}
