// A machine that has nothing but a restic repository, its password, and the key of the sealed secrets.
import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, expect, it, vi } from 'vitest';
import { loseMachine } from '../support/lost-machine.js';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 });

const machine = await loseMachine({
  top: async (scenario) => {
    await writeFile(scenario.path('vault-password'), 'zq7 of the vault\n', { mode: 0o600 });
    await execa('age-keygen', ['-o', scenario.path('key.txt')]);
    const recipient = (await execa('age-keygen', ['-y', scenario.path('key.txt')])).stdout;
    return {
      repositories: {
        vault: { restic: scenario.path('vault'), password: `file:${scenario.path('vault-password')}` },
      },
      encryption: { recipients: [recipient] },
    };
  },
  settings: () => ({ sealSecrets: true }),
  lost: ['password', 'vault-password', 'backups'],
});
const { scenario, backup, trust } = machine;
const from = `restic:${scenario.path('vault')}`;

afterAll(() => machine.remove());

it('the password comes from the environment, and later from what was sealed', async () => {
  const args = ['--identity', scenario.path('key.txt'), '--trust', trust, '--yes', '--json'];
  const refused = await machine.recover(args, { from });
  expect(refused).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('hint: set RESTIC_PASSWORD_FILE'),
  });
  const ended = await machine.recover(args, { from, env: { RESTIC_PASSWORD: 'zq7 of the vault' } });
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(JSON.parse(ended.stdout)).toMatchObject({ backup, outcome: 'restored' });
  expect(await machine.live()).toEqual(machine.old);
  const yaml = await readFile(machine.config, 'utf8');
  expect(yaml).toMatch(/vault:\n\s+restic: \S+\n\s+password: file:\S+holdfast-secrets/);
  expect(`${yaml}${ended.stdout}${ended.stderr}`).not.toContain('zq7');
});
