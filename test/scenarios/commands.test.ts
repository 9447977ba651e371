// The commands between start and end of a run: detached, watched, approved, and each of them as JSON.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { answerOf, holdfast, startCommand } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { behave, putGate } from '../support/scenario-programs.js';
import { createServedApplication } from '../support/scenario-served.js';

const { scenario, edms, backup, backedUp: before } = await createServedApplication();

const RUN = 'holdfast.edms.restore';

it('a detached restore waits, is watched, is approved where somebody is, and is followed to its end', async () => {
  await edms.work();
  const started = await holdfast(scenario, ['restore', 'edms', '--detach']);
  expect(started).toMatchObject({ exit: 0, stdout: `${RUN}\n` });
  const watching = startCommand(scenario, ['watch', RUN]);
  await watching.says(/it waits for approval: holdfast approve holdfast\.edms\.restore/);
  expect(watching.stderr()).toContain(`backup ${backup} of `);
  const wrong = await holdfast(scenario, ['approve', RUN, '--confirm', 'edms@latest']);
  expect(wrong.exit).toBe(5);
  expect(wrong.stderr).toContain(`error: approve expects {"confirm": "edms@${backup}"}\n`);
  const early = await holdfast(scenario, ['give-up', RUN]);
  expect(early.exit).toBe(2);
  expect(early.stderr).toBe(
    `error: nothing is being rolled back: cancel the run instead\nhint: it says what it does: holdfast watch ${RUN}\n`,
  );
  const approved = await holdfast(scenario, ['approve', RUN, '--confirm', `edms@${backup}`]);
  expect(approved).toMatchObject({ exit: 0, stdout: `approved edms@${backup}\n` });
  const { exit, stdout } = await watching.ended;
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: `restored edms from ${backup}: database main, files storage\n`,
  });
  expect(await edms.live()).toEqual(before);
});

it('status says whether it worked, and its exit code says so to monitoring', async () => {
  const page = await holdfast(scenario, ['status']);
  expect(page.exit).toBe(0);
  expect(page.stdout).toMatch(/^edms: well/);
  expect(page.stdout).toContain(`\n  last backup ${backup}, `);
  expect(page.stdout).toMatch(/agent {7}runs \(process \d+\)\n/);
  const { repositories, deployments } = parse(await readFile(scenario.config, 'utf8'));
  const offsite = { local: scenario.path('offsite') };
  const config = scenario.path('two-repositories.yaml');
  const both = { edms: { ...deployments.edms, repositories: ['local', 'offsite'] } };
  const more = { state: scenario.state, repositories: { ...repositories, offsite }, deployments: both };
  await writeFile(config, stringify(more), { mode: 0o600 });
  const { exit, stdout } = await holdfast(scenario, ['status', 'edms', '--json'], { config });
  const { ok, findings } = JSON.parse(stdout);
  expect({ exit, ok, findings }).toMatchObject({
    ...{ exit: 10, ok: false },
    findings: [
      { level: 'problem', message: `repository offsite at ${offsite.local}: the folder is missing` },
    ],
  });
});

it('a waiting restore that is cancelled has changed nothing', async () => {
  const run = startCommand(scenario, ['restore', 'edms', '--detach', '--json']);
  expect(JSON.parse((await run.ended).stdout)).toEqual({ run: RUN });
  const watching = startCommand(scenario, ['watch']);
  await watching.says(/it waits for approval/);
  watching.kill('SIGINT');
  const { exit, stderr } = await watching.ended;
  expect(exit).toBe(130);
  expect(stderr).toContain('error: the run was cancelled\n');
  expect(await edms.live()).toEqual(before);
});

it('a restore that is broken off as its plan appears leaves no run behind that waits', async () => {
  // However late the interrupt comes, nothing is swapped yet.
  await putGate(scenario, 'pg_restore', { argument: '--exit-on-error', waits: 'input' });
  const run = startCommand(scenario, ['restore', 'edms', '--confirm', 'edms']);
  await run.says(/holdfast undo edms/);
  run.kill('SIGINT');
  const { exit, stderr } = await run.ended;
  expect(exit).toBe(130);
  expect(stderr).toContain('error: the run was cancelled\n');
  await behave(scenario);
  expect(await answerOf(scenario, ['watch'])).toEqual([]);
  // An approval that was noted at that very moment is signed within a minute.
  await expectNothingLeft(scenario, edms.trees, 90_000);
  expect(await edms.live()).toEqual(before);
});

it('a backup that was detached is followed by watch', async () => {
  expect(await answerOf(scenario, ['backup', 'edms', '--detach'])).toEqual({ run: 'holdfast.edms.backup' });
  const { backup: made } = await answerOf(scenario, ['watch', 'holdfast.edms.backup']);
  const { stdout } = await holdfast(scenario, ['list', 'edms']);
  expect(stdout).toContain(String(made));
});

describe('with --json stdout is one JSON value', () => {
  const CASES: [string, string[], unknown][] = [
    ['doctor', ['doctor'], [{ deployment: 'edms', ok: true }]],
    ['list', ['list', 'edms'], expect.arrayContaining([expect.objectContaining({ backup, files: 209 })])],
    ['show', ['show', 'edms', backup.slice(0, 20)], { id: backup, version: 1, repositories: ['local'] }],
    ['watch', ['watch'], []],
    ['backup', ['backup', 'edms'], { deployment: 'edms', type: 'full', consistency: 'live' }],
    ['restore', ['restore', 'edms', backup, '--confirm', 'edms'], { backup, outcome: 'restored' }],
    ['undo', ['undo', 'edms', '--confirm', 'edms'], { backup, outcome: 'restored' }],
    ['a failure', ['show', 'edms', '2001'], { error: { code: 'UNKNOWN_BACKUP', exitCode: 3 } }],
    ['wrong usage', ['restore'], { error: { code: 'INPUT_INVALID', exitCode: 2 } }],
    ['an unknown option', ['list', '--fast'], { error: { code: 'INPUT_INVALID', exitCode: 2 } }],
    [
      'a run that fails',
      ['restore', 'edms', backup, '--only', 'files.nothing', '--confirm', 'edms'],
      { error: { code: 'INPUT_INVALID', exitCode: 2 } },
    ],
    ['a run that is unknown', ['watch', 'holdfast.edms.nothing'], { error: { exitCode: 3 } }],
    [
      'a run that does not wait',
      ['approve', RUN, '--confirm', 'edms@x'],
      { error: { code: 'NOT_APPROVED', exitCode: 5 } },
    ],
  ];
  it.for(CASES)('%s', async ([, args, expected]) => {
    const { stdout, exit } = await holdfast(scenario, [...args, '--json']);
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject(expected as object);
    const failure = (answer as { error?: { exitCode: number } }).error;
    expect(exit).toBe(failure?.exitCode ?? 0);
  });
});
