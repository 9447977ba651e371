// A machine that has nothing, and backups that anybody can read: only the signature says whose they are.
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { expectUntouched, loseMachine } from '../support/lost-machine.js';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 });

const plain = await loseMachine();
const { scenario, backup } = plain;
const from = scenario.path('usb');
await cp(scenario.repository, from, { recursive: true });
await rm(scenario.repository, { recursive: true });
const signature = join(from, 'edms', backup, 'manifest.sig');

afterAll(() => plain.remove());

it('a backup that nobody signed, and one whose configuration was changed, are refused', async () => {
  await rename(signature, scenario.path('signature'));
  const unsigned = await plain.recover(['--trust', plain.trust, '--yes'], { from });
  expect(unsigned).toMatchObject({ exit: 8, stderr: expect.stringContaining(`${backup} is not signed`) });
  await rename(scenario.path('signature'), signature);
  const yaml = join(from, 'edms', backup, 'holdfast.yaml');
  await cp(yaml, scenario.path('kept.yaml'));
  await cp(scenario.path('password'), yaml);
  const changed = await plain.recover(['--trust', plain.trust, '--yes'], { from });
  expect(changed).toMatchObject({ exit: 8, stderr: expect.stringContaining('holdfast.yaml of') });
  await cp(scenario.path('kept.yaml'), yaml);
  await expectUntouched(plain);
});

it('a copied folder does as well as the repository itself, which keeps its name', async () => {
  const ended = await plain.recover(['--trust', plain.trust, '--yes', '--json'], { from });
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(await plain.live()).toEqual(plain.old);
  expect(JSON.parse(ended.stdout)).toMatchObject({ backup, roles: ['app_owner', 'app_reader'] });
  expect(await readFile(plain.config, 'utf8')).toContain(`local:\n    local: ${from}\n`);
});

it('what nobody signed is restored where that is asked for, and said', async () => {
  await rm(signature);
  const ended = await plain.recover(['--allow-unsigned', '--yes'], { from });
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(ended.stderr).toContain('not signed: nobody vouches for what is in it');
  expect(await plain.live()).toEqual(plain.old);
});

it('a holdfast.yaml of somebody else is not used', async () => {
  await scenario.configure({ shop: { files: { a: scenario.path('a') } } });
  await rename(scenario.config, plain.config);
  const ended = await plain.recover(['--allow-unsigned', '--yes'], { from });
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('has no deployment edms') });
});
