// What people, and broken disks, give holdfast: each is answered in one clear sentence with the next step, nothing is lost,
// and nothing is left behind.
import { cp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { failureOf, type Said } from '../support/scenario-failures.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { signAgain } from '../support/sign-again.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const edms = await application('edms');
const other = await application('other');
const up = await serve(scenario);
const backup = await backUp(scenario);
const before = await edms.live();

afterEach(() => expectNothingLeft(scenario, [...edms.trees, ...other.trees]));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const refused = async (...args: string[]): Promise<Said> => failureOf(await holdfast(scenario, args));

const OUTSIDE = '../../x';

describe('a name', () => {
  afterAll(async () => expect(await edms.live()).toEqual(before));
  const noDeployment = (name: string) => ({
    exit: 2,
    error: expect.stringMatching(`^${scenario.config} has no deployment ${name.replaceAll('.', '\\.')}`),
    hint: 'name one of the deployments in holdfast.yaml',
  });
  const help = (command: string) => `holdfast ${command} --help shows how it is used`;

  it.for([OUTSIDE, 'constructor'])('of a deployment that is %j is refused by every command', async (name) => {
    const commands = ['backup', 'list', 'restore', 'undo', 'doctor'].map((command) => [command, name]);
    const answers = await Promise.all([...commands, ['show', name, backup]].map((args) => refused(...args)));
    for (const answer of answers) expect(answer).toEqual(noDeployment(name));
  });

  it.for([OUTSIDE, '20010101T000000Z-full-0000', `../other/${backup}`])(
    'of a backup that is %j is refused by show and restore',
    async (id) => {
      const unknown = {
        exit: 3,
        error: `there is no backup ${id} of edms`,
        hint: `the newest ones are ${backup}`,
      };
      expect(await refused('show', 'edms', id)).toEqual(unknown);
      expect(await refused('restore', 'edms', id, '--confirm', 'edms')).toEqual(unknown);
    },
  );

  it('of a repository is refused by list and restore', async () => {
    const unknown = {
      exit: 2,
      error: `there is no repository ${OUTSIDE} in ${scenario.config}`,
      hint: 'known repositories: local',
    };
    expect(await refused('list', '--repository', OUTSIDE)).toEqual(unknown);
    expect(await refused('restore', 'edms', '--repository', OUTSIDE, '--confirm', 'edms')).toEqual(unknown);
  });

  it('of a tier, and what is chosen with --only or --type, is refused', async () => {
    expect(await refused('backup', 'edms', '--tier', OUTSIDE)).toEqual({
      exit: 2,
      error: 'tier must be a name (^[a-z0-9][a-z0-9-]{0,40}$)',
      hint: help('backup'),
    });
    expect(await refused('restore', 'edms', backup, '--only', OUTSIDE, '--confirm', 'edms')).toEqual({
      exit: 2,
      error: 'only must be a list of database, files, database.NAME, files.NAME',
      hint: help('restore'),
    });
    expect(await refused('backup', 'edms', '--type', 'half')).toMatchObject({ exit: 2 });
  });

  it('of a part that the backup does not hold is answered with what it holds', async () => {
    expect(await refused('restore', 'edms', backup, '--only', 'files.nothing', '--confirm', 'edms')).toEqual({
      exit: 2,
      error: `the backup ${backup} does not hold files.nothing`,
      hint: 'it holds database.main, files.storage',
    });
  });

  it('of another deployment does not approve a restore', async () => {
    expect(await refused('restore', 'edms', backup, '--confirm', 'other')).toEqual({
      exit: 2,
      error: '--confirm other is not the name of the deployment',
      hint: `holdfast restore edms ${backup} --config ${scenario.config} --confirm edms`,
    });
  });

  it('a restore without anybody to approve it is not begun', async () => {
    expect(await refused('restore', 'edms', backup)).toEqual({
      exit: 2,
      error: 'nobody is there to approve it: this is not a terminal',
      hint: `holdfast restore edms ${backup} --config ${scenario.config} --confirm edms`,
    });
  });
});

describe('a backup that cannot be trusted', () => {
  afterEach(async () => expect(await edms.live()).toEqual(before));
  let made = 0;

  /** A copy of the good backup, older than it, with something wrong. */
  const damaged = async (
    damage: (folder: string) => Promise<void>,
    change: (manifest: Record<string, unknown>) => void = () => undefined,
  ): Promise<string> => {
    made += 1;
    const id = `20250101T00000${made}Z-full-0bad`;
    const folder = join(scenario.repository, 'edms', id);
    await cp(join(scenario.repository, 'edms', backup), folder, { recursive: true });
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    manifest.id = id;
    change(manifest);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await signAgain(folder, scenario.state);
    await damage(folder);
    return id;
  };

  const restoring = (id: string, deployment = 'edms') =>
    refused('restore', deployment, id, '--confirm', deployment);

  const ANOTHER = 'restore another backup: holdfast list';
  const FILES = 'files.storage.tar.zst';
  const DUMP = 'database.main.dump.zst';

  it('because an artifact is cut is not restored', async () => {
    const { size } = await stat(join(scenario.repository, 'edms', backup, FILES));
    const id = await damaged((folder) => truncate(join(folder, FILES), size - 10));
    expect(await restoring(id)).toEqual({
      exit: 8,
      error: `${FILES} of ${id} has ${size - 10} bytes instead of ${size} in repository local`,
      hint: ANOTHER,
    });
  });

  it('because an artifact is missing is not restored', async () => {
    const id = await damaged((folder) => rm(join(folder, DUMP)));
    expect(await restoring(id)).toEqual({
      exit: 8,
      error: `${DUMP} of ${id} is missing in repository local`,
      hint: ANOTHER,
    });
  });

  it.for([FILES, DUMP])('because a byte of %s is flipped is not restored', async (artifact) => {
    const id = await damaged((folder) => flipByte(join(folder, artifact)));
    expect(await restoring(id)).toEqual({
      exit: 6,
      error: `rolled back: ${artifact} in repository local is damaged: its SHA-256 is not the one that was stored; what was staged is removed`,
      hint: ANOTHER,
    });
  });

  it('because its rows are not those of its manifest is not restored', async () => {
    const id = await damaged(
      async () => undefined,
      ({ databases }) => {
        for (const { tables } of databases as { tables: { rows: number }[] }[])
          for (const table of tables) table.rows += 1;
      },
    );
    const { exit, error } = await restoring(id);
    expect(exit).toBe(6);
    expect(error).toMatch(
      /^rolled back: database main is not what was backed up: .*; what was staged is removed$/,
    );
  });

  it('because its files are not those of its manifest is not restored', async () => {
    const id = await damaged(
      async () => undefined,
      ({ trees }) => {
        for (const tree of trees as { digest: string }[]) tree.digest = 'f'.repeat(tree.digest.length);
      },
    );
    const { exit, error } = await restoring(id);
    expect(exit).toBe(6);
    expect(error).toMatch(/^rolled back: files storage are not what was backed up: /);
  });

  it('because its manifest is of a later version is listed, and neither shown nor restored', async () => {
    const id = await damaged(
      async () => undefined,
      (manifest) => {
        manifest.version = 99;
        manifest.newThing = 'of later';
      },
    );
    const problem = `the manifest of ${id} has version 99; this holdfast reads up to 1`;
    const refusal = { exit: 8, error: problem, hint: 'install the holdfast that wrote it, or a newer one' };
    expect(await refused('show', 'edms', id)).toEqual(refusal);
    expect(await restoring(id)).toEqual(refusal);
    expect(await answerOf(scenario, ['list', 'edms'])).toContainEqual(
      expect.objectContaining({ backup: id, problem, rows: null }),
    );
  });

  it('because its manifest is cut is listed, and neither shown nor restored', async () => {
    const id = await damaged((folder) => truncate(join(folder, 'manifest.json'), 300));
    const error = `the manifest of ${id} is not the one that was signed: it, or its signature, was changed`;
    const refusal = { exit: 8, error, hint: ANOTHER };
    expect(await refused('show', 'edms', id)).toEqual(refusal);
    expect(await restoring(id)).toEqual(refusal);
  });

  it('because it is another deployment’s is not restored', async () => {
    const from = join(scenario.repository, 'edms', backup);
    await cp(from, join(scenario.repository, 'other', backup), { recursive: true });
    const untouched = await other.live();
    expect(await restoring(backup, 'other')).toEqual({
      exit: 8,
      error: `the manifest in other/${backup} says that it is edms/${backup}`,
      hint: ANOTHER,
    });
    expect(await other.live()).toEqual(untouched);
  });

  it('does not hide the good one, which is still the latest', async () => {
    expect(await restore(scenario, 'latest')).toMatchObject({ backup, outcome: 'restored' });
  });
});

const flipByte = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  const { size } = await handle.stat();
  const middle = Math.floor(size / 2);
  await handle.read(byte, 0, 1, middle);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await handle.write(byte, 0, 1, middle);
  await handle.close();
};
