// A recovery that is killed, with everything that it started, goes on when the same command is given again.
import { afterAll, expect, it } from 'vitest';
import { loseMachine } from '../support/lost-machine.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { killAll } from '../support/scenario-processes.js';

const machine = await loseMachine();
const { scenario, backup, trust } = machine;

afterAll(() => machine.remove());

it('killed after each of its steps, one command after the other brings back everything', async () => {
  const reached: string[] = [];
  for (const said of [/made the roles/, /plan\n/, /stage databases/, /swap/]) {
    const command = machine.start(['--trust', trust, '--yes']);
    await command.says(said, 60_000).then(
      () => reached.push(said.source),
      () => undefined,
    );
    await killAll(scenario.user);
    await command.ended;
  }
  // What goes on by itself may be past a step before the next command looks.
  expect(reached).toEqual(expect.arrayContaining(['made the roles', 'plan\\n']));
  const ended = await machine.recover(['--trust', trust, '--yes', '--json']);
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(JSON.parse(ended.stdout)).toMatchObject({ backup, outcome: 'restored' });
  expect(await machine.live()).toEqual(machine.old);
  await expectNothingLeft(scenario, [scenario.path('edms', 'storage')]);
}, 300_000);
