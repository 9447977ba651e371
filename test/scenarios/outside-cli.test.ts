// The two workflows, started and approved with the Temporal CLI alone: each with one JSON object.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Served, serveApplication } from '../support/served-application.js';
import { temporal } from '../support/temporal-outside.js';

let served: Served;
beforeAll(async () => {
  served = await serveApplication();
});
afterAll(() => served.stop());

const STARTED = { timeout: 60_000, interval: 50 };

test('the Temporal CLI makes a backup, and restores it once somebody approved the plan there', async () => {
  const before = await served.application.live();
  expect(await start('backup', { deployment: 'edms' })).toMatchObject({ exit: 0 });
  expect(await cli('result', 'backup')).toMatchObject({ exit: 0, said: expect.stringContaining('"gapMs"') });
  const backup = await served.newestBackup();

  await served.application.work();
  const worked = await served.application.live();
  expect(await start('restore', { deployment: 'edms', backup: 'latest' })).toMatchObject({ exit: 0 });
  expect(await start('restore', { deployment: 'edms' })).toMatchObject({
    exit: 1,
    said: expect.stringContaining('already running'),
  });
  await vi.waitFor(async () => {
    const { said } = await cli('query', 'restore', '--type', 'progress');
    expect(said).toContain('waiting for approval');
    expect(said).toContain('database main (edms): ');
    expect(said).toContain(`edms@${backup}`);
  }, STARTED);
  expect(await approve('edms')).toMatchObject({
    exit: 1,
    said: expect.stringContaining(`approve expects {"confirm": "edms@${backup}"}`),
  });
  expect(await served.application.live()).toEqual(worked);

  expect(await approve(`edms@${backup}`)).toMatchObject({ exit: 0 });
  expect(await cli('result', 'restore')).toMatchObject({
    exit: 0,
    said: expect.stringContaining('"restored"'),
  });
  expect(await served.application.live()).toEqual(before);
  await served.expectNothingLeft();
});

/** `temporal workflow COMMAND` about the run of that kind. */
const cli = (command: string, kind: string, ...args: string[]) =>
  temporal(served.scenario.state, 'workflow', ...command.split(' '), '-w', `holdfast.edms.${kind}`, ...args);

const start = (kind: string, input: unknown) =>
  cli('start', kind, ...OF_TYPE(kind), '--fail-existing', '-i', JSON.stringify(input));

const OF_TYPE = (kind: string) => ['--type', kind, '-t', 'holdfast.default'];

const approve = (confirm: string) =>
  cli('update execute', 'restore', '--name', 'approve', '-i', JSON.stringify({ confirm }));

test.each([
  [
    [],
    'restore: no input was given; give one JSON object such as {"deployment": "edms", "backup": "latest"}',
  ],
  [['{"deployment": "edms", "force": true}'], 'restore: unknown key force; give one JSON object such as'],
  [['{"deployment": "nobody"}'], 'nobody'],
])(
  'a restore that the Temporal CLI starts with %j is answered with what is expected',
  async (inputs, answer) => {
    const input = inputs.flatMap((text) => ['-i', text]);
    const { exit, said } = await cli('execute', 'wrong', ...OF_TYPE('restore'), ...input);
    expect(exit).toBe(1);
    expect(said).toContain(answer);
  },
);
