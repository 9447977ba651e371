// Hosts on which a backup or a restore cannot work: full disks, missing programs, files that may not be read.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRoot } from '../support/mounts.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createDatabase, createSeed } from '../support/scenario-application.js';
import {
  backUp,
  type HowToRun,
  holdfast,
  restore,
  type Serving,
  serve,
} from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { bareHost, ordinaryUser, smallDisk, which } from '../support/scenario-hosts.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { databaseDigest, treeDigest } from '../support/scenario-live.js';

const cluster = await startCluster();
await createSeed(cluster);
const [{ version } = {}] = await cluster.query(
  'postgres',
  `select current_setting('server_version_num')::int / 10000 as version`,
);
const major = Number(version);
const ends: (() => unknown)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await cluster.stop();
});

const begin = async () => {
  const scenario = await createScenario(cluster);
  ends.push(() => scenario.remove());
  return scenario;
};

const served = async (...args: Parameters<typeof serve>): Promise<Serving> => {
  const up = await serve(...args);
  ends.push(() => up.stop());
  return up;
};

const filesOnly = (storage: string) => ({ files: { storage } });

const FREE = 'free some space, then try again';

/** Mounting needs root. An ordinary user's tests leave them out, CI must not. */
const asRoot = isRoot || process.env.CI;

describe.runIf(asRoot)('a disk that is full', async () => {
  const scenario = await begin();
  const storage = scenario.path('tight', 'storage');
  beforeAll(async () => {
    ends.push(smallDisk(scenario.path('small'), 2), smallDisk(scenario.path('tight'), 12));
    await mkdir(storage);
    await scenario.configure(
      {
        tight: { ...filesOnly(storage), repositories: ['local'] },
        large: { ...filesOnly(scenario.path('large')), repositories: ['small'] },
      },
      {
        repositories: {
          local: { local: scenario.repository },
          small: { local: scenario.path('small', 'backups') },
        },
      },
    );
    await mkdir(scenario.path('large'));
    await writeFile(scenario.path('large', 'incompressible'), randomBytes(5_000_000));
    await served(scenario);
  });
  afterEach(() => expectNothingLeft(scenario, [storage]));

  it('where the backups are kept ends the backup and leaves nothing of it but who owns the place', async () => {
    const answer = await holdfast(scenario, ['backup', 'large']);
    expect(failureOf(answer)).toEqual({
      exit: 1,
      error: `repository small at ${scenario.path('small', 'backups')} is full`,
      hint: FREE,
    });
    const left = await readdir(scenario.path('small'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['owner.json']);
  });

  it('has room for a sparse file that is larger than the disk', async () => {
    await writeFile(join(storage, 'sparse'), '');
    await truncate(join(storage, 'sparse'), 50_000_000);
    const before = await treeDigest(storage);
    await backUp(scenario, 'tight');
    await rm(join(storage, 'sparse'));
    await restore(scenario, 'latest', 'tight');
    expect(await treeDigest(storage)).toBe(before);
    await rm(join(storage, 'sparse'));
  });

  it('where the files are staged ends the restore, and the live ones stay', async () => {
    for (let n = 0; n < 1_800; n += 1) await writeFile(join(storage, `small ${n}`), 'x');
    await backUp(scenario, 'tight');
    await writeFile(join(storage, 'small 1'), 'worked on');
    const before = await treeDigest(storage);
    const answer = await holdfast(scenario, ['restore', 'tight', '--confirm', 'tight']);
    expect(failureOf(answer)).toEqual({
      exit: 6,
      error: expect.stringMatching(
        /^rolled back: the disk is full: .*No space left on device.*; what was staged is removed$/,
      ),
      hint: FREE,
    });
    expect(await treeDigest(storage)).toBe(before);
  });

  it('before anything is staged is found by the plan', async () => {
    await writeFile(join(storage, 'half'), randomBytes(3_000_000));
    await backUp(scenario, 'tight');
    const answer = await holdfast(scenario, ['restore', 'tight', '--confirm', 'tight']);
    expect(failureOf(answer)).toEqual({
      exit: 1,
      error: expect.stringMatching(
        /^files storage need 3\.0 MB beside .*tight\/storage, where [\d.]+ MB are left$/,
      ),
      hint: 'free some space there: the live files stay until the restored ones take their place',
    });
  });
});

describe.runIf(asRoot)('a program', async () => {
  const scenario = await begin();
  const storage = scenario.path('storage');
  beforeAll(async () => {
    await mkdir(storage);
    await createDatabase(cluster, 'edms');
    await scenario.configure({ files: filesOnly(storage), edms: { database: scenario.database('edms') } });
    await served(scenario, await bareHost(scenario, 'sh', 'setpriv', 'tar', 'zstd'));
  });
  const install = (program: string) =>
    `install it: apt-get install ${program} (Debian, Ubuntu), brew install `;
  const refused = async (deployment: string) => failureOf(await holdfast(scenario, ['backup', deployment]));
  const without = async <T>(program: string, act: () => Promise<T>): Promise<T> => {
    await rm(join(scenario.programs, program));
    try {
      return await act();
    } finally {
      await writeFile(join(scenario.programs, program), `#!/bin/sh\nexec '${which(program)}' "$@"\n`, {
        mode: 0o755,
      });
    }
  };
  afterEach(() => expectNothingLeft(scenario, [storage]));

  it.for(['zstd', 'tar'])(
    'that is missing (%s) is named, with the package that holds it',
    async (program) => {
      const answer = await without(program, () => refused('files'));
      expect(answer).toEqual({
        exit: 1,
        error: `${program} is not installed`,
        hint: expect.stringContaining(install(program)),
      });
      expect(await backUp(scenario, 'files')).toMatch(/-full-/);
    },
  );

  it('that is missing (pg_dump) is named, with the package that holds it', async () => {
    expect(await refused('edms')).toEqual({
      exit: 1,
      error: 'pg_dump is not installed',
      hint: expect.stringContaining(install('postgresql-client')),
    });
  });

  it('that is older than the server (pg_dump) is refused before it is used', async () => {
    const old = `#!/bin/sh\necho 'pg_dump (PostgreSQL) ${major - 1}.3'\n`;
    await writeFile(join(scenario.programs, 'pg_dump'), old, { mode: 0o755 });
    expect(await refused('edms')).toEqual({
      exit: 1,
      error: `pg_dump ${major - 1} cannot dump a PostgreSQL ${major} server`,
      hint: `install postgresql-client-${major} (Debian, Ubuntu) or postgresql@${major} (Homebrew)`,
    });
  });
});

describe('an agent that is an ordinary user', async () => {
  const scenario = await begin();
  await createDatabase(cluster, 'ordinary');
  const storage = scenario.path('storage');
  await mkdir(join(storage, 'inner'), { recursive: true });
  await writeFile(join(storage, 'inner', 'open'), 'open');
  await scenario.configure({ edms: { database: scenario.database('ordinary'), ...filesOnly(storage) } });
  const as: HowToRun = await ordinaryUser(scenario);
  await served(scenario, as);
  afterEach(() => expectNothingLeft(scenario, [storage]));

  it('backs up and restores its own', async () => {
    const before = [await databaseDigest(cluster, 'ordinary'), await treeDigest(storage)];
    const made = await holdfast(scenario, ['backup', 'edms'], as);
    expect(made).toMatchObject({ exit: 0 });
    await cluster.query('ordinary', 'drop table documents cascade');
    await rm(join(storage, 'inner'), { recursive: true });
    const { exit, stderr } = await holdfast(scenario, ['restore', 'edms', '--confirm', 'edms'], as);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr });
    expect([await databaseDigest(cluster, 'ordinary'), await treeDigest(storage)]).toEqual(before);
  });

  it('names the files that it may not read, and keeps no backup without them', async () => {
    for (const name of ['private', 'with\nnewline']) {
      await writeFile(join(storage, name), 'secret');
      await chmod(join(storage, name), 0o000);
    }
    const before = await readdir(join(scenario.repository, 'edms'));
    const answer = failureOf(await holdfast(scenario, ['backup', 'edms'], as));
    expect(answer).toEqual({
      exit: 1,
      error: expect.stringMatching(/^cannot read .*private/),
      hint: 'run the agent as a user who may read them',
    });
    expect(answer.error).toContain('with\\nnewline');
    expect(await readdir(join(scenario.repository, 'edms'))).toEqual(before);
  });
});
