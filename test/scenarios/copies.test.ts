// A second place from outside: copies are made by themselves, found when they are damaged, and restored from.
import { chmod, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { CopyResult, VerifyResult } from '../../src/domain/copies.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const repositories = {
  local: { local: scenario.repository },
  offsite: { local: scenario.path('offsite') },
};
const application = await createApplications(scenario, { repositories });
const app = await application('edms', { settings: { repositories: ['local', 'offsite'] } });
const up = await serve(scenario);

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const folder = (repository: string, backup: string) => scenario.path(repository, 'edms', backup);
const stored = (repository: string, backup: string): Promise<string[]> =>
  readdir(folder(repository, backup)).then(
    (names) => names.sort(),
    () => [],
  );

const copied = (backup: string) =>
  vi.waitFor(async () => expect(await stored('offsite', backup)).toContain('manifest.json'), {
    timeout: 60_000,
    interval: 100,
  });

/** The run that copies has ended and the log has arrived: nobody writes into the second place any more. */
const quiet = () =>
  vi.waitFor(
    async () => {
      const log = await readdir(join(scenario.path('offsite'), 'edms', 'log'));
      expect(log.filter((name) => name.includes('-copy-'))).not.toEqual([]);
      expect(await readdir(join(scenario.state, 'log', 'edms', 'outbox'))).toEqual([]);
    },
    { timeout: 60_000, interval: 100 },
  );

/** Same length, other contents. */
const damage = async (repository: string, backup: string, name: string): Promise<void> => {
  const path = join(folder(repository, backup), name);
  const { size } = await stat(path);
  await chmod(path, 0o600);
  await writeFile(path, 'x'.repeat(size));
};

const ARCHIVE = 'files.storage.tar.zst';

it('a backup is copied by itself, and says that its copy is on the way', async () => {
  const answer = await answerOf(scenario, ['backup', 'edms']);
  expect(answer.copies).toEqual([{ repository: 'offsite', state: 'being copied' }]);
  const backup = String(answer.backup);
  await copied(backup);
  expect(await stored('offsite', backup)).toEqual(await stored('backups', backup));
  expect(await readdir(join(scenario.state, 'copies', 'edms', 'offsite'))).toEqual([]);
});

it('a repository that is down keeps no backup from being made; the next run fills what is missing', async () => {
  await quiet();
  await rename(scenario.path('offsite'), scenario.path('away'));
  await writeFile(scenario.path('offsite'), 'no folder');
  const backup = await backUp(scenario);
  const { exit, stdout } = await holdfast(scenario, ['copy', 'edms', '--json']).then(async (ended) =>
    // The backup's own run may still try.
    ended.exit === 4 ? holdfast(scenario, ['watch', 'holdfast.edms.copy', '--json']) : ended,
  );
  expect(exit).toBe(1);
  const [copy] = (JSON.parse(stdout) as CopyResult).copies;
  expect(copy).toMatchObject({ repository: 'offsite', state: 'incomplete' });
  expect(copy?.problem).toContain('repository offsite');
  await rm(scenario.path('offsite'));
  await rename(scenario.path('away'), scenario.path('offsite'));
  const answer = await answerOf<CopyResult & Record<string, unknown>>(scenario, ['copy', 'edms']);
  expect(answer.copies).toMatchObject([{ repository: 'offsite', state: 'complete', copied: 1, missing: 0 }]);
  expect(await stored('offsite', backup)).toEqual(await stored('backups', backup));
});

it('what is damaged in the first repository is restored from the next one, and that is said', async () => {
  const before = await app.live();
  const backup = await backUp(scenario);
  await copied(backup);
  await app.work();
  await damage('backups', backup, ARCHIVE);
  await rm(join(folder('offsite', backup), 'database.main.dump.zst'));
  const answer = await restore(scenario, backup);
  expect(answer.elsewhere).toEqual([expect.stringContaining(`${ARCHIVE} from offsite: `)]);
  expect(await app.live()).toEqual(before);
  await expectNothingLeft(scenario, app.trees);
});

it('the repository that is asked for is the only one that is restored from', async () => {
  const backup = await backUp(scenario);
  await copied(backup);
  await damage('backups', backup, ARCHIVE);
  const before = await app.live();
  const asked = ['restore', 'edms', backup, '--confirm', 'edms', '--repository', 'local'];
  expect((await holdfast(scenario, asked)).exit).toBe(6);
  expect(await app.live()).toEqual(before);
  const other = await restore(scenario, backup, 'edms', '--repository', 'offsite');
  expect(other).toMatchObject({ outcome: 'restored', elsewhere: [] });
});

it('verify finds what is not as it was stored, and repair takes it from where it is', async () => {
  const backup = await backUp(scenario);
  await copied(backup);
  await answerOf(scenario, ['verify', 'edms', '--repair']);
  const sound = await answerOf<VerifyResult & Record<string, unknown>>(scenario, [
    'verify',
    'edms',
    '--decode',
  ]);
  expect(sound).toMatchObject({ ok: true, problems: 0, lines: [] });
  await damage('backups', backup, ARCHIVE);
  await truncate(join(folder('offsite', backup), 'database.main.dump.zst'), 7);
  await rm(join(folder('offsite', backup), 'globals.sql.zst'));
  const found = await holdfast(scenario, ['verify', 'edms', backup]);
  expect(found.exit).toBe(1);
  expect(found.stdout.split('\n').slice(1, -1).sort()).toEqual([
    expect.stringContaining(`${backup} in local: ${ARCHIVE} is damaged`),
    expect.stringContaining(`${backup} in offsite: database.main.dump.zst has 7 bytes instead of`),
    expect.stringContaining(`${backup} in offsite: globals.sql.zst is missing`),
  ]);
  const repaired = await answerOf(scenario, ['verify', 'edms', backup, '--repair']);
  expect(repaired).toMatchObject({ ok: true, repaired: 3 });
  expect(await answerOf(scenario, ['verify', 'edms', '--decode'])).toMatchObject({ ok: true });
});

it('what makes no sense is refused before anything starts', async () => {
  for (const [args, says] of [
    [['copy', 'edms', '--to', 'moon'], 'there is no repository moon'],
    [['copy', 'edms', '--from', 'local', '--to', 'local'], 'local cannot be filled from itself'],
    [['verify', 'edms', '--rate', 'fast'], 'rate must be a number'],
    [['verify', 'edms', 'x'], 'there is no backup x of edms'],
  ] as const) {
    const { exit, stderr } = await holdfast(scenario, args);
    expect([2, 3]).toContain(exit);
    expect(stderr).toContain(says);
  }
});
