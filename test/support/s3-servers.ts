// Real S3 servers, each in a temporary folder on loopback. What scripts/s3-servers.sh cannot bring is a failure, never a skip.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { S3 } from '@aws-sdk/client-s3';
import type { S3Settings } from '../../src/config/config.js';
import { silenceVersionWarning } from '../../src/config/quiet-sdk.js';
import { freePorts } from './free-ports.js';
import type { ServerKind } from './s3-server-kinds.js';

export interface S3Server {
  endpoint: string;
  /** Past the repository. */
  s3: S3;
  /** Of a repository under a prefix of its own. */
  settings(given?: Partial<S3Settings>): S3Settings;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const ACCESS_KEY = 'holdfast-test';
const SECRET_KEY = randomBytes(20).toString('hex');
const BUCKET = 'backups';

/** SeaweedFS listens for gRPC on each port plus 10000. */
const GRPC_FITS_BELOW = 55_536;

/** With the bucket `backups`. */
export const startS3Server = async (kind: ServerKind): Promise<S3Server> => {
  Object.assign(process.env, { HOLDFAST_TEST_S3_KEY: ACCESS_KEY, HOLDFAST_TEST_S3_SECRET: SECRET_KEY });
  silenceVersionWarning();
  const folder = await mkdtemp(join(tmpdir(), `holdfast-${kind}-`));
  const ports = await freePorts(4, GRPC_FITS_BELOW);
  const endpoint = `http://127.0.0.1:${ports[0]}`;
  const log: string[] = [];
  const child = await (kind === 'versitygw' ? startVersitygw : startSeaweedfs)(folder, ports);
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => void log.push(chunk.toString()));
  const s3 = new S3({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  const stop = async (): Promise<void> => {
    s3.destroy();
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItWorks(() => s3.createBucket({ Bucket: BUCKET }));
    await untilItWorks(() => s3.putObject({ Bucket: BUCKET, Key: 'ready', Body: 'x' }));
    await s3.deleteObject({ Bucket: BUCKET, Key: 'ready' });
  } catch (error) {
    await stop();
    throw new Error(`${kind} does not answer: ${log.join('').slice(-2000)}`, { cause: error });
  }
  return { endpoint, s3, settings: (given) => ({ ...settingsFor(endpoint), ...given }), kill, stop };
};

/** Without vitest: benchmarks start servers too. */
const untilItWorks = async (attempt: () => Promise<unknown>): Promise<void> => {
  for (const until = Date.now() + 30_000; ; await pause(100)) {
    try {
      return void (await attempt());
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
};

/** Parts are as small as S3 allows, so that a few megabytes make several. */
const settingsFor = (endpoint: string): S3Settings => ({
  kind: 's3',
  name: 'offsite',
  bucket: BUCKET,
  prefix: `test-${randomBytes(6).toString('hex')}`,
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  accessKeyId: 'env:HOLDFAST_TEST_S3_KEY',
  secretAccessKey: 'env:HOLDFAST_TEST_S3_SECRET',
  partBytes: 5 << 20,
  maxParts: 10_000,
  storageClass: null,
  serverSideEncryption: null,
  objectLock: null,
});

/** Everything under the repository's prefix: objects, and uploads that nobody completed. */
export const everythingIn = async ({ s3 }: S3Server, { bucket, prefix }: S3Settings): Promise<string[]> => {
  const place = { Bucket: bucket, Prefix: `${prefix}/` };
  const { Contents = [] } = await s3.listObjectsV2(place);
  const { Uploads = [] } = await s3.listMultipartUploads(place);
  return [...Contents, ...Uploads].map(({ Key = '' }) => Key.slice(prefix.length + 1)).sort();
};

const programs = (): string => {
  const script = fileURLToPath(new URL('../../scripts/s3-servers.sh', import.meta.url));
  return execFileSync('sh', [script], { encoding: 'utf8' }).trim();
};

const startVersitygw = async (folder: string, [port]: number[]): Promise<ChildProcess> => {
  for (const name of ['data', 'versions']) await mkdir(join(folder, name));
  const args = ['--quiet', '--keep-alive', '--health', '/health', '--port', `127.0.0.1:${port}`];
  return spawn(
    join(programs(), 'versitygw'),
    [...args, 'posix', '--versioning-dir', join(folder, 'versions'), join(folder, 'data')],
    { env: { ...process.env, ROOT_ACCESS_KEY_ID: ACCESS_KEY, ROOT_SECRET_ACCESS_KEY: SECRET_KEY } },
  );
};

const startSeaweedfs = async (folder: string, ports: number[]): Promise<ChildProcess> => {
  const [s3, master, volume, filer] = ports;
  const flags = [`-dir=${folder}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', `-s3.port=${s3}`];
  const others = [`-master.port=${master}`, `-volume.port=${volume}`, `-filer.port=${filer}`];
  const without = ['-webdav=false', '-admin.ui=false', '-s3.port.iceberg=0', '-s3.port.lance=0'];
  const strict = ['-s3.autoCreateBucket=false', '-s3.allowDeleteBucketNotEmpty=false'];
  return spawn(join(programs(), 'weed'), ['mini', ...flags, ...others, ...without, ...strict], {
    cwd: folder,
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      GOMEMLIMIT: '256MiB',
    },
  });
};
