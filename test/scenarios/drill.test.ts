// A drill from the outside: while people work, beside other runs, and killed in the middle. What is live is never touched.
import { readdir } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { connectAgainAndAgain } from '../support/scenario-clients.js';
import {
  answerOf,
  backUp,
  holdfast,
  restore,
  type Serving,
  serve,
  startCommand,
} from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { agentPid, killAllServing, killNine, loseTemporalDatabase } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { behave, putGate } from '../support/scenario-programs.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const cluster = await startCluster({ settings: { max_connections: '60' } });
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const edms = await application('edms', {
  databases: ['edms', 'audit'],
  trees: ['storage', 'media'],
  settings: { drill: { assertions: ['select count(*) = 3000 from documents'] } },
});
let up: Serving = await serve(scenario);
const old = await edms.live();
const backup = await backUp(scenario);

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const held = () => putGate(scenario, 'pg_restore', { argument: '--dbname=service=holdfast', waits: 'input' });

it('a backup is drilled while people work, who notice nothing of it', async () => {
  await edms.work();
  const live = await edms.live();
  expect(live).not.toEqual(old);
  const clients = connectAgainAndAgain(cluster, 'edms', 3);
  const { exit, stdout, stderr } = await holdfast(scenario, ['drill', 'edms']);
  expect(await clients.stop()).toMatchObject({ unexpected: [] });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr });
  expect(stdout).toMatch(
    new RegExp(
      [
        `^restored ${backup} of edms, and it is what was backed up`,
        'COMPARED +AS IN THE BACKUP',
        'database main, database other1 +6 tables, [\\d,]+ rows, \\d+ objects of its dump',
        'files storage, files media +[\\d,]+ files, every byte',
        'assertions +1 assertion held',
        'recovery time [\\d.]+ m?s: [\\d.]+ [kM]B at [\\d.]+ [kM]B/s\n$',
      ].join('\n'),
    ),
  );
  expect(await edms.live()).toEqual(live);
  await expectNothingLeft(scenario, edms.trees);
});

it('--json gives what was compared, and an id may be cut short', async () => {
  expect(await answerOf(scenario, ['drill', 'edms', backup.slice(0, -2)])).toMatchObject({
    backup,
    outcome: 'restored',
    databases: ['main', 'other1'],
    trees: ['storage', 'media'],
    assertions: 1,
    recoveryMs: expect.any(Number),
  });
});

it('an assertion that does not hold is named, with an exit code of its own', async () => {
  await cluster.query('edms', 'delete from documents where id > 2900');
  const ended = await holdfast(scenario, ['backup', 'edms', '--drill']);
  expect(ended.stdout).toMatch(/^\d{8}T\d{6}Z-full-[0-9a-f]{4}\n$/);
  expect(failureOf(ended)).toEqual({
    exit: 8,
    error:
      'the backup is complete; its drill failed: the assertion “select count(*) = 3000 from documents” gave false instead of true',
    hint: expect.stringContaining('holdfast show'),
  });
  expect(failureOf(await holdfast(scenario, ['drill', 'edms']))).toMatchObject({
    exit: 8,
    error: 'the assertion “select count(*) = 3000 from documents” gave false instead of true',
  });
  await expectNothingLeft(scenario, edms.trees);
  await restore(scenario, backup);
  const { drill, backup: made } = await answerOf(scenario, ['backup', 'edms', '--drill']);
  expect({ drill, made }).toMatchObject({ drill: { outcome: 'restored' }, made: expect.any(String) });
});

it('a drill beside a restore, and a restore beside a drill, are refused in plain words', async () => {
  const gate = await held();
  const restoring = startCommand(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
  await gate.reached();
  expect(failureOf(await holdfast(scenario, ['drill', 'edms']))).toEqual({
    exit: 4,
    error: 'a restore of edms is in progress (holdfast.edms.restore)',
    hint: 'wait for it: holdfast watch holdfast.edms.restore',
  });
  await gate.open();
  expect(await restoring.ended).toMatchObject({ exit: 0 });
  await behave(scenario);
  const second = await held();
  const drilling = startCommand(scenario, ['drill', 'edms', backup]);
  await second.reached();
  const beside = await holdfast(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
  expect(failureOf(beside)).toMatchObject({
    exit: 4,
    error: 'a drill of edms is in progress (holdfast.edms.drill)',
  });
  await second.open();
  expect(await drilling.ended).toMatchObject({ exit: 0 });
  await behave(scenario);
});

it('Ctrl-C clears it', async () => {
  const gate = await held();
  const drilling = startCommand(scenario, ['drill', 'edms', backup]);
  await gate.reached();
  drilling.kill('SIGINT');
  expect(await drilling.ended).toMatchObject({ exit: 130 });
  await behave(scenario);
  await expectNothingLeft(scenario, edms.trees);
});

it('an agent that is killed in the middle is replaced, and the drill goes on', async () => {
  const live = await edms.live();
  const gate = await held();
  const drilling = startCommand(scenario, ['drill', 'edms', backup]);
  await gate.reached();
  killNine(await agentPid(scenario));
  await gate.open();
  const { exit, stderr } = await drilling.ended;
  expect({ exit, stderr }).toEqual({ exit: 0, stderr });
  await behave(scenario);
  await expectNothingLeft(scenario, edms.trees);
  expect(await edms.live()).toEqual(live);
});

it('and without Temporal’s database it is settled: all of it is dropped, and nothing else', async () => {
  const live = await edms.live();
  const gate = await held();
  const drilling = startCommand(scenario, ['drill', 'edms', backup]);
  await gate.reached();
  expect(await readdir(scenario.path('state', 'drill'))).not.toEqual([]);
  await killAllServing(scenario, up);
  await loseTemporalDatabase(scenario);
  await behave(scenario);
  up = await serve(scenario);
  await expectNothingLeft(scenario, edms.trees, 60_000);
  expect(await edms.live()).toEqual(live);
  await drilling.ended;
  expect(await answerOf(scenario, ['drill', 'edms', backup])).toMatchObject({ outcome: 'restored' });
});
