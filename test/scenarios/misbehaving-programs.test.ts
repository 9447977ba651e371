// Programs that fail in the middle, hang, or read a tree that does not keep still: what came of it is said, and nothing of
// a backup that failed stays.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario, type Scenario } from '../support/scenario.js';
import { createDatabase, createSeed } from '../support/scenario-application.js';
import { answerOf, holdfast, restore, serve, startCommand } from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { which } from '../support/scenario-hosts.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { treeDigest } from '../support/scenario-live.js';
import { misbehave, putGate } from '../support/scenario-programs.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const cluster = await startCluster();
await createSeed(cluster);
afterAll(() => cluster.stop());

/** A story of its own, so that several can wait for retries at the same time. */
const story = async (
  name: string,
  act: (scenario: Scenario, storage: string) => Promise<void>,
  settings: Record<string, unknown> = {},
): Promise<void> => {
  const scenario = await createScenario(cluster);
  const storage = scenario.path('storage');
  await mkdir(storage);
  await writeFile(join(storage, 'document'), randomBytes(300_000));
  await createDatabase(cluster, name);
  await scenario.configure({ edms: { database: scenario.database(name), files: { storage }, ...settings } });
  const up = await serve(scenario);
  try {
    await act(scenario, storage);
    await expectNothingLeft(scenario, [storage]);
  } finally {
    await up.stop();
    await scenario.remove();
  }
};

const failedBackup = async (scenario: Scenario, ...args: string[]) => {
  const answer = failureOf(await holdfast(scenario, ['backup', 'edms', ...args]));
  expect(await answerOf(scenario, ['list'])).toEqual([]);
  return answer;
};

describe.concurrent('a backup fails and leaves nothing', () => {
  it('with a pg_dump that writes half and exits with 3', () =>
    story('half', async (scenario) => {
      await misbehave(scenario, 'half-then-exit-3');
      expect(await failedBackup(scenario)).toEqual({
        exit: 1,
        error: 'pg_dump failed (exit 3): Dumping the contents of table "documents" failed: out of luck',
        hint: 'read the program’s last words above',
      });
    }));

  it('with a pg_dump that hangs', () =>
    story(
      'hanging',
      async (scenario) => {
        await misbehave(scenario, 'hangs');
        expect(await failedBackup(scenario, '--type', 'database')).toEqual({
          exit: 1,
          error: 'no byte moved for 1 s: pg_dump | zstd',
          hint: 'look for locks and for a slow disk or network',
        });
      },
      { stallTimeout: '1s' },
    ));

  it('with a zstd that is killed', () =>
    story('killed', async (scenario) => {
      await misbehave(scenario, 'killed');
      const { exit, error } = await failedBackup(scenario);
      expect(exit).toBe(1);
      expect(error).toMatch(/^zstd was killed/);
    }));

  it('with a tar that may not read two files', () =>
    story('unreadable', async (scenario) => {
      await misbehave(scenario, 'unreadable');
      expect(await failedBackup(scenario)).toEqual({
        exit: 1,
        error: 'cannot read "./secret", "./private"',
        hint: 'run the agent as a user who may read them',
      });
    }));
});

describe('a tree that does not keep still', () => {
  /** Folders in the order in which tar reads them. */
  const readingOrder = (storage: string): string[] =>
    execFileSync(which('tar'), ['--create', '--file=/dev/null', '--verbose', `--directory=${storage}`, '.'], {
      encoding: 'utf8',
    })
      .split('\n')
      .flatMap((line) => /^\.\/(\w+)\/$/.exec(line)?.[1] ?? []);

  it('is backed up: what changed and what vanished is named, and what moved is in it', () =>
    story('moving', async (scenario, storage) => {
      for (const folder of ['one', 'two', 'three']) {
        await mkdir(join(storage, folder));
        await writeFile(join(storage, folder, 'large'), randomBytes(2_000_000));
        for (const name of ['moving', 'vanishing']) await writeFile(join(storage, folder, name), name);
      }
      const [first = '', middle = '', last = ''] = readingOrder(storage);
      for (const folder of [first, last]) await rm(join(storage, folder, 'large'));
      await rm(join(storage, 'document'));
      const gate = await putGate(scenario, 'zstd', { argument: '-T0', waits: 'input', bytes: 300_000 });
      const command = startCommand(scenario, ['backup', 'edms', '--type', 'files', '--json']);
      await gate.reached();
      await appendFile(join(storage, middle, 'large'), 'one more line');
      await rename(join(storage, last, 'moving'), join(storage, first, 'moved'));
      await rm(join(storage, last, 'vanishing'));
      await gate.open();
      const { exit, stdout, stderr } = await command.ended;
      expect({ exit, stderr }).toEqual({ exit: 0, stderr });
      const { backup } = JSON.parse(stdout);
      const shown = (await holdfast(scenario, ['show', 'edms', backup])).stdout;
      expect(shown).toMatch(new RegExp(`changed while read +${middle}/large\n`));
      expect(shown).toMatch(new RegExp(`vanished while read +${last}/moving, ${last}/vanishing\n`));
      const digest = async () => {
        await truncate(join(storage, middle, 'large'));
        await utimes(join(storage, middle, 'large'), 1, 1); // how much of it was read nobody can say
        return treeDigest(storage);
      };
      const after = await digest();
      await rm(storage, { recursive: true });
      await restore(scenario, backup);
      expect(await readdir(join(storage, first))).toContain('moved');
      expect(await readdir(join(storage, last))).not.toContain('vanishing');
      expect(await digest()).toBe(after);
    }));
});
