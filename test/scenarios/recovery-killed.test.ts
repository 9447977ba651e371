// A recovery that is killed, with everything that it started, goes on when the same command is given again.
import { afterAll, expect, it } from 'vitest';
import { loseMachine } from '../support/lost-machine.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { killAll } from '../support/scenario-processes.js';

const machine = await loseMachine();
const { scenario, backup, trust } = machine;

afterAll(() => machine.remove());

it('killed after each of its steps, one command after the other brings back everything', async () => {
  for (const said of [/wrote /, /nobody serves/, /plan\n/, /begin/, /fetch/, /stage databases/]) {
    const command = machine.start(['--trust', trust, '--yes']);
    await command.says(said, 60_000).catch(() => undefined);
    await killAll(scenario.user);
    await command.ended;
  }
  const ended = await machine.recover(['--trust', trust, '--yes', '--json']);
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(JSON.parse(ended.stdout)).toMatchObject({ backup, outcome: 'restored' });
  expect(await machine.live()).toEqual(machine.old);
  await expectNothingLeft(scenario, [scenario.path('edms', 'storage')]);
}, 300_000);
