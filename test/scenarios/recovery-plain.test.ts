// A machine that has nothing, and backups that anybody can read: only the signature says whose they are.
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { expectUntouched, loseMachine } from '../support/lost-machine.js';

const plain = await loseMachine();
const { scenario, backup } = plain;

afterAll(() => plain.remove());

it('a backup that nobody signed is refused, and restored where that is asked for', async () => {
  const signature = join(scenario.repository, 'edms', backup, 'manifest.sig');
  await rename(signature, scenario.path('signature'));
  const refused = await plain.recover('--trust', plain.trust, '--yes');
  expect(refused).toMatchObject({ exit: 8, stderr: expect.stringContaining(`${backup} is not signed`) });
  await expectUntouched(plain);
  await rename(scenario.path('signature'), signature);
});

it('a copied folder does as well as the repository itself, which keeps its name', async () => {
  const ended = await plain.recover('--trust', plain.trust, '--yes', '--json');
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(await plain.live()).toEqual(plain.old);
  expect(JSON.parse(ended.stdout)).toMatchObject({ backup, roles: ['app_owner', 'app_reader'] });
});

it('a holdfast.yaml of somebody else is not used', async () => {
  await rm(plain.config);
  const before = { ...scenario, config: plain.config };
  await scenario.configure({ shop: { files: { a: scenario.path('a') } } });
  await rename(scenario.config, before.config);
  const ended = await plain.recover('--trust', plain.trust, '--yes');
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('has no deployment edms') });
});
