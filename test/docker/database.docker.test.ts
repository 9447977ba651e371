// A database in a container: found through Docker, dumped and restored by its own image's programs, of which nothing stays.
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { DatabaseSettings } from '../../src/config/config.js';
import { locateDatabase, locateTree } from '../../src/operations/locate.js';
import { heldByContainers } from '../../src/tools/bind-mounts.js';
import { pgDump } from '../../src/tools/pg-dump.js';
import { pgDumpall } from '../../src/tools/pg-dumpall.js';
import { pgRestore } from '../../src/tools/pg-restore.js';
import { removeSidecars } from '../../src/tools/sidecars.js';
import { upStack } from './stack.js';
import { docker } from './support/docker.js';
import { DATABASE, fill } from './support/fill.js';
import { sidecarBench } from './support/sidecar-bench.js';

const stack = await upStack();
await fill(stack);
process.env.DATABASE_PASSWORD = stack.cluster.password;
const settings: DatabaseSettings = {
  kind: 'parts',
  name: 'main',
  path: 'deployments.edms.database',
  container: { kind: 'compose', project: stack.project, service: 'db' },
  host: '',
  port: 5432,
  user: 'app',
  password: 'env:DATABASE_PASSWORD',
  database: DATABASE,
};
const bench = await sidecarBench(await locateDatabase(settings));
const run = docker();

afterAll(async () => {
  await bench.remove();
  await stack.down();
});

const withoutSnapshot = (found: { program: string; env: Record<string, string> }) => {
  const command = pgDump({ ...found, snapshot: '' });
  return { ...command, args: command.args.filter((word) => !word.startsWith('--snapshot')) };
};
const sessions = () =>
  stack.cluster.query(DATABASE, `select pid from pg_stat_activity where application_name = 'holdfast:bench'`);
const nothingLeft = () =>
  vi.waitFor(
    async () =>
      expect({ containers: await bench.left(), sessions: await sessions() }).toEqual({
        containers: [],
        sessions: [],
      }),
    { timeout: 5_000, interval: 50 },
  );
/** Writes for hours, as a large dump does. */
const slowDumpFor = ({ env }: { env: Record<string, string> }) => ({
  program: 'sh',
  args: [
    '-c',
    `exec psql --no-psqlrc --command="copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout"`,
  ],
  env,
});
const begun = (): {
  seen: Promise<void>;
  consume: (stdout: Readable) => Promise<void>;
  ended: () => string;
} => {
  let tell: () => void = () => undefined;
  let how = 'open';
  const seen = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const consume = async (stdout: Readable): Promise<void> => {
    stdout.once('data', () => {
      stdout.pause();
      tell();
    });
    try {
      await new Promise((resolve, reject) => stdout.once('end', resolve).once('error', reject));
      how = 'completed';
    } catch (error) {
      how = 'broken off';
      throw error;
    }
  };
  return { seen, consume, ended: () => how };
};

describe('a sidecar', () => {
  it('dumps what pg_restore in another one restores, row for row', async () => {
    const dump = await bench.write('pg_dump', withoutSnapshot);
    await stack.cluster.query(DATABASE, 'create database copied');
    await bench.read('copied', pgRestore, Readable.from([dump]));
    const count = 'select count(*), md5(string_agg(title, null order by id)) from document';
    expect(await stack.cluster.query('copied', count)).toEqual(await stack.cluster.query(DATABASE, count));
    expect((await bench.write('pg_dumpall', pgDumpall)).toString()).toContain('CREATE ROLE app');
    await nothingLeft();
  });

  it('completes nothing when its program is killed, and says so', async () => {
    const sink = begun();
    const dumping = bench.write('sh', slowDumpFor, { consume: sink.consume });
    const failing = dumping.catch((error: unknown) => error);
    await sink.seen;
    const [id = ''] = await bench.left();
    await run('kill', '--signal=KILL', id);
    expect(await failing).toMatchObject({ code: 'TOOL_FAILED' });
    expect(sink.ended()).toBe('broken off');
    await nothingLeft();
  });

  it('is gone with its session when the step is cancelled', async () => {
    const sink = begun();
    const cancel = new AbortController();
    const dumping = bench.write('sh', slowDumpFor, { consume: sink.consume, signal: cancel.signal });
    const failing = dumping.catch((error: unknown) => error);
    await sink.seen;
    await vi.waitFor(async () => expect(await sessions()).toHaveLength(1), { timeout: 60_000, interval: 50 });
    cancel.abort(new Error('enough'));
    expect(await failing).toMatchObject({ message: 'enough' });
    await removeSidecars({ instance: bench.sidecar.instance, operation: bench.sidecar.operation });
    expect(sink.ended()).toBe('broken off');
    await nothingLeft();
  });

  it('that a killed agent left is ended by its labels, and one of another operation is not', async () => {
    const other = await run(
      'run',
      '--detach',
      '--rm',
      '--label=holdfast.instance=sidecar-bench',
      '--label=holdfast.operation=ffffffffff',
      '--entrypoint=sleep',
      String(process.env.STACK_IMAGE),
      '600',
    );
    await run(
      'run',
      '--detach',
      '--rm',
      '--label=holdfast.instance=sidecar-bench',
      '--label=holdfast.operation=0123456789',
      '--entrypoint=sleep',
      String(process.env.STACK_IMAGE),
      '600',
    );
    await removeSidecars({ instance: 'sidecar-bench', operation: '0123456789' });
    expect(await bench.left()).toEqual([other.slice(0, 12)]);
    await removeSidecars({ instance: 'sidecar-bench' });
    expect(await bench.left()).toEqual([]);
  });

  it('whose image lacks the program is a clear failure', async () => {
    await expect(
      bench.write('pg_nothing', ({ program, env }) => ({ program, env, args: [] })),
    ).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'the image of the database’s container has no pg_nothing',
    });
    await nothingLeft();
  });

  it('says what its program says: a database that is not there is not there', async () => {
    const wrong = { ...(await locateDatabase(settings)), database: 'nowhere' };
    const other = await sidecarBench(wrong);
    await expect(other.write('pg_dump', withoutSnapshot)).rejects.toMatchObject({ code: 'UNKNOWN_DATABASE' });
    await other.remove();
  });
});

describe('the server', () => {
  it('is found again under another address once its container was recreated', async () => {
    const before = await locateDatabase(settings);
    await stack.compose('up', '--detach', '--force-recreate', '--wait', 'db');
    const after = await locateDatabase(settings);
    expect(after.container?.id).not.toBe(before.container?.id);
    expect(after).toMatchObject({ user: 'app', container: { port: 5432 } });
    const again = await sidecarBench(after);
    expect((await again.write('pg_dumpall', pgDumpall)).toString()).toContain('CREATE ROLE app');
    await again.remove();
  });

  it('that is paused or stopped is said to be so, with the command that helps', async () => {
    const name = `${stack.project}-db-1`;
    await run('pause', name);
    await expect(locateDatabase(settings)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `container ${name} is paused`,
      hint: `let it run: docker unpause ${name}`,
    });
    await run('unpause', name);
    await stack.compose('stop', 'db');
    await expect(locateDatabase(settings)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `container ${name} is stopped`,
      hint: `start it: docker start ${name}`,
    });
    await stack.compose('up', '--detach', '--wait', 'db');
  });
});

describe('a tree', () => {
  it('that is a volume is the folder that holds its files', async () => {
    const tree = { name: 'uploads', path: `volume:${stack.volumes.uploads}`, volume: stack.volumes.uploads };
    expect(await locateTree(tree)).toEqual({ ...tree, path: stack.paths.uploads });
  });

  it('whose volume is not there, or has no files while nobody uses it, is refused', async () => {
    const tree = (volume: string) => locateTree({ name: 'a', path: `volume:${volume}`, volume });
    await expect(tree('holdfast-no-such-volume')).rejects.toMatchObject({
      code: 'UNKNOWN_VOLUME',
      message: 'there is no Docker volume holdfast-no-such-volume',
    });
    const lazy = `${stack.project}_lazy`;
    const options = ['type=none', 'o=bind', `device=${stack.folder}`].flatMap((one) => ['--opt', one]);
    await run('volume', 'create', ...options, lazy);
    await expect(tree(lazy)).rejects.toMatchObject({
      code: 'TREE_MISSING',
      message: `volume ${lazy} is mounted only while a container uses it`,
    });
    await run('volume', 'rm', lazy);
  });

  it('that running containers hold is known by their names', async () => {
    const held = async (path: string) =>
      (await heldByContainers(path)).map(({ name, whole }) => `${name} ${whole}`).sort();
    const [web, worker] = [`${stack.project}-web-1`, `${stack.project}-worker-1`];
    expect(await held(stack.paths.media)).toEqual([`${web} true`, `${worker} true`]);
    expect(await held(stack.folder)).toEqual([`${web} false`, `${worker} false`]);
    expect(await held(`${stack.folder}/med`)).toEqual([]);
  });
});
