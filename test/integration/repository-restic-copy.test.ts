// From one restic repository to another: by restic's own copy, with the promises of the contract.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RepositorySettings } from '../../src/config/config.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { copyBackup } from '../../src/operations/copies/copy-backup.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { Repository, Source } from '../../src/repositories/repository.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { receiveContext } from '../support/received.js';
import { bytesOf, sha256, shellSource, storeContext } from '../support/repository.js';
import { makeResticTemplate } from '../support/restic-template.js';
import { ID, storeBackup, TRUST } from '../support/stored-backup.js';

let folder: string;
let near: Repository;
let far: Repository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-copy-'));
  await make('near');
  await make('far');
  [near, far] = [open('near'), open('far')];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const make = async (name: string): Promise<void> => {
  await makeResticTemplate(join(folder, name), `of ${name}`);
  await writeFile(passwordOf(name), `of ${name}\n`, { mode: 0o600 });
};

const passwordOf = (name: string): string => join(folder, `${name}-password`);

const at = (name: string, environment: Record<string, string> = {}): RepositorySettings => ({
  ...{ kind: 'restic', name, repository: join(folder, name), environment },
  password: `file:${passwordOf(name)}`,
});

const open = (name: string): Repository => openRepository(at(name));

const restic = (name: string, ...args: string[]): string =>
  execFileSync(
    'restic',
    ['--no-cache', '--repo', join(folder, name), '--password-file', passwordOf(name), ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );

/** So far: what is being written comes and goes. */
const bytesIn = (name: string): number =>
  Number(
    execFileSync('sh', ['-c', `du -sb ${join(folder, name)} 2>/dev/null || true`])
      .toString()
      .split('	')[0],
  );

const random = (name: string, bytes: number): Promise<unknown> =>
  near.store('edms/b1', shellSource(name, `head -c ${bytes} /dev/urandom`), storeContext());

const KEY = 'edms/b1/a.dump';

const digestIn = async (repository: Repository, key = KEY) => {
  const stored = await bytesOf(await repository.open(key));
  return { bytes: stored.length, sha256: sha256(stored) };
};

it('copies streams and trees as they are, and sends a chunk that is there already never again', async () => {
  const tree = join(folder, 'tree');
  await mkdir(tree);
  execFileSync('sh', ['-c', `cd ${tree}; for i in $(seq 300); do head -c 30000 /dev/urandom > "f $i"; done`]);
  const archive: Source = {
    ...{ kind: 'tree', name: 'files.storage.tar', path: tree },
    index: join(folder, 'listing'),
  };
  const data = join(folder, 'data');
  execFileSync('sh', ['-c', `head -c 12000000 /dev/urandom > ${data}`]);
  const grown: number[] = [];
  for (const night of ['b1', 'b2']) {
    await writeFile(join(tree, 'changes'), night);
    const sources = [shellSource('a.dump', `cat ${data}; echo ${night}`), archive];
    for (const source of sources) {
      const stored = await near.store(`edms/${night}`, source, storeContext());
      const key = `edms/${night}/${source.name}`;
      expect(await far.receiveFrom?.(key, { ...stored, from: at('near') }, receiveContext())).toBe(true);
      expect(await digestIn(far, key)).toEqual({ bytes: stored.bytes, sha256: stored.sha256 });
      await far.confirm?.(`edms/${night}`, [stored]);
    }
    grown.push(bytesIn('far'));
  }
  expect((grown[1] ?? 0) / (grown[0] ?? 1)).toBeLessThan(1.2);
  restic('far', 'check', '--read-data');
});

it('copies on to a third repository, and back to the first one when it lost its own', async () => {
  await make('third');
  const third = open('third');
  await random('a.dump', 500_000);
  const stored = await digestIn(near);
  for (const [from, to] of [
    ['near', far],
    ['far', third],
  ] as const)
    expect(await to.receiveFrom?.(KEY, { ...stored, from: at(from) }, receiveContext())).toBe(true);
  await near.removeFolder('edms/b1', runEffect);
  await near.reclaim?.(runEffect);
  expect(await near.receiveFrom?.(KEY, { ...stored, from: at('third') }, receiveContext())).toBe(true);
  expect(await digestIn(near)).toEqual(stored);
});

it('keeps what is there, equal or not, and takes nothing that is announced otherwise', async () => {
  await random('a.dump', 300_000);
  const stored = await digestIn(near);
  for (const wrong of [{ bytes: 299_999 }, { sha256: '0'.repeat(64) }])
    await expect(
      far.receiveFrom?.(KEY, { ...stored, ...wrong, from: at('near') }, receiveContext()),
    ).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  expect(await far.list('edms')).toEqual([]);
  await far.store('edms/b1', shellSource('a.dump', 'echo another'), storeContext());
  await expect(
    far.receiveFrom?.(KEY, { ...stored, from: at('near') }, receiveContext()),
  ).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
    message: expect.stringContaining('is there already'),
  });
  expect((await bytesOf(await far.open(KEY))).toString()).toBe('another\n');
});

it('leaves it to the other way where restic cannot: other kinds, other variables, and what is not there', async () => {
  await random('a.dump', 1000);
  const stored = await digestIn(near);
  const local = { kind: 'local' as const, name: 'local', path: join(folder, 'local') };
  const receive = (to: RepositorySettings, from: RepositorySettings, key = KEY) =>
    openRepository(to).receiveFrom?.(key, { ...stored, from }, receiveContext());
  expect(await receive(at('far'), local)).toBe(false);
  expect(await receive(at('far'), at('near'), 'edms/b1/other')).toBe(false);
  vi.stubEnv('HOLDFAST_ONE', 'one');
  vi.stubEnv('HOLDFAST_OTHER', 'other');
  const [one, other] = ['env:HOLDFAST_ONE', 'env:HOLDFAST_OTHER'].map((AWS_PROFILE) => ({ AWS_PROFILE }));
  expect(await receive(at('far', one), at('near', other))).toBe(false);
  expect(await receive(at('far', one), at('near', one))).toBe(true);
  vi.unstubAllEnvs();
});

it('shows the whole artifact or none when it is killed before or after any effect, and goes on', async () => {
  await random('a.dump', 3_000_000);
  const stored = await digestIn(near);
  const points = await killedEverywhere(async (_point, kill) => {
    const context = receiveContext();
    await kill((effect: Effect) =>
      (async () => far.receiveFrom?.(KEY, { ...stored, from: at('near') }, { ...context, effect }))(),
    );
    for (const { key } of await far.list('edms')) expect(await digestIn(far, key)).toEqual(stored);
    await far.receiveFrom?.(KEY, { ...stored, from: at('near') }, context);
    expect(await digestIn(far)).toEqual(stored);
    expect(restic('far', 'snapshots', '--json').match(/"short_id"/g)).toHaveLength(2);
    await far.removeFolder('edms/b1', runEffect);
  });
  expect(points).toBeGreaterThanOrEqual(4);
}, 200_000);

/** Slow enough to be killed at half. */
const slowly = async (): Promise<{ kill: () => Promise<void>; restore: () => void }> => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const real = execFileSync('which', ['restic'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase " $* " in *" copy "*) echo $$ > ${bin}/pid; exec ${real} --limit-upload 20000 "$@";; esac\nexec ${real} "$@"\n`;
  await writeFile(join(bin, 'restic'), script, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  return {
    kill: async () => {
      process.kill(Number(await readFile(join(bin, 'pid'), 'utf8')), 'SIGKILL');
    },
    restore: () => {
      process.env.PATH = path;
    },
  };
};

it('sends again less than 60 % when restic is killed at half', async () => {
  const whole = 200 << 20;
  await random('a.dump', whole);
  const stored = await digestIn(near);
  const context = receiveContext();
  const slow = await slowly();
  const broken = far.receiveFrom?.(KEY, { ...stored, from: at('near') }, context);
  const failing = expect(broken).rejects.toThrow();
  try {
    const half = () => expect(sum(packsIn('far'))).toBeGreaterThan(0.5 * whole);
    await vi.waitFor(half, { timeout: 120_000, interval: 20 });
    await slow.kill();
    await failing;
  } finally {
    slow.restore();
  }
  expect(await far.list('edms')).toEqual([]);
  const before = packsIn('far');
  await far.receiveFrom?.(KEY, { ...stored, from: at('near') }, context);
  expect(await digestIn(far)).toEqual(stored);
  const sent = [...packsIn('far')].filter(([pack]) => !before.has(pack));
  expect(sum(new Map(sent))).toBeLessThan(0.6 * whole);
}, 200_000);

/** Sizes of the finished ones: what restic is still writing has another name. */
const packsIn = (name: string): Map<string, number> => {
  const find = `find ${join(folder, name, 'data')} -type f -printf '%f %s\\n' 2>/dev/null || true`;
  const lines = execFileSync('sh', ['-c', find]).toString().trim().split('\n');
  const files = lines.map((line) => line.split(' '));
  return new Map(
    files.flatMap(([pack = '', size]) => (/^[0-9a-f]{64}$/.test(pack) ? [[pack, Number(size)]] : [])),
  );
};

const sum = (sizes: Map<string, number>): number => [...sizes.values()].reduce((all, one) => all + one, 0);

it('fails with STALLED when restic neither reads nor writes, and stops when it is told to', async () => {
  await random('a.dump', 1000);
  const stored = await digestIn(near);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const real = execFileSync('which', ['restic'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase " $* " in *" copy "*) exec sleep 3600;; esac\nexec ${real} "$@"\n`;
  await writeFile(join(bin, 'restic'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  await expect(
    far.receiveFrom?.(KEY, { ...stored, from: at('near') }, receiveContext({ stallTimeoutMs: 500 })),
  ).rejects.toMatchObject({ code: 'STALLED' });
  const abort = new AbortController();
  const copying = far.receiveFrom?.(
    KEY,
    { ...stored, from: at('near') },
    receiveContext({ signal: abort.signal }),
  );
  setImmediate(() => abort.abort(new Error('enough')));
  await expect(copying).rejects.toThrow('enough');
  expect(await far.list('edms')).toEqual([]);
  vi.unstubAllEnvs();
});

it('takes nothing of a source that is damaged', async () => {
  await random('a.dump', 3_000_000);
  const stored = await digestIn(near);
  const packs = execFileSync('find', [
    join(folder, 'near', 'data'),
    '-type',
    'f',
    '-size',
    '+500k',
  ]).toString();
  for (const pack of packs.trim().split('\n')) {
    execFileSync('chmod', ['600', pack]);
    const bytes = await readFile(pack);
    bytes.fill(0, 1000, 2000);
    await writeFile(pack, bytes);
  }
  await expect(
    far.receiveFrom?.(KEY, { ...stored, from: at('near') }, receiveContext()),
  ).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
    message: expect.stringContaining('from repository near to far'),
  });
  expect(await far.list('edms')).toEqual([]);
});

it('is how a whole backup comes into the other repository', async () => {
  const manifest = await storeBackup(at('near'), [300_000, 1]);
  const copying = {
    ...{ host: { state: join(folder, 'state'), effect: runEffect }, signal: new AbortController().signal },
    ...{ stallTimeoutMs: 0, report: () => undefined },
  };
  const what = { deployment: 'edms', backup: ID, from: [at('near')], to: at('far'), trust: TRUST };
  expect(await copyBackup(what, copying)).toBe(300_001);
  for (const artifact of manifest.artifacts)
    expect(await digestIn(far, `edms/${ID}/${artifact.name}`)).toMatchObject({ sha256: artifact.sha256 });
  const copied: { tags: string[]; original?: string }[] = JSON.parse(restic('far', 'snapshots', '--json'));
  expect(copied.filter(({ tags }) => tags.includes('data')).map(({ original }) => original)).toEqual([
    expect.any(String),
    expect.any(String),
  ]);
});
