// Who signed a backup, what is done with one that nobody has signed, and the log that an auditor reads: by the command line.
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerOf, holdfast, restore } from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { createServedApplication } from '../support/scenario-served.js';

const { scenario, edms, up, backup, backedUp: old } = await createServedApplication();

interface Logged {
  entries: { name: string; kind: string; outcome: string; backup: string; facts: Record<string, unknown> }[];
  gaps: string[];
  problems: string[];
}
const logOf = (...args: string[]) => answerOf<Logged>(scenario, ['status', 'edms', '--log', ...args]);
const refused = async (...args: string[]) => failureOf(await holdfast(scenario, args));

it('a backup is signed by this host, and nobody has proved it yet', async () => {
  const shown = await answerOf(scenario, ['show', 'edms', backup]);
  expect(shown).toMatchObject({ signer: { kind: 'this host' }, proved: { how: 'none' } });
  const { stdout } = await holdfast(scenario, ['show', 'edms', backup]);
  expect(stdout).toMatch(/\n {2}signed +by this host, ed25519:[A-Za-z0-9+/]{43}=\n {2}proved +not yet\n/);
});

const proved = async () =>
  (await answerOf<{ proved: { how: string; by: string } }[]>(scenario, ['list', 'edms']))[0]?.proved;

it('verified and decoded, list says so', async () => {
  await answerOf(scenario, ['verify', 'edms']);
  expect(await proved()).toMatchObject({ how: 'intact', by: 'verify' });
  await answerOf(scenario, ['verify', 'edms', backup, '--decode']);
  expect(await proved()).toMatchObject({ how: 'decoded', by: 'verify' });
});

it('restored, list says so', async () => {
  await edms.work();
  expect(await restore(scenario, backup)).toMatchObject({ unsigned: '' });
  expect(await proved()).toMatchObject({ how: 'restored', by: 'restore' });
  expect(await edms.live()).toEqual(old);
});

it('without its signature a backup is restored only with --allow-unsigned, which result, plan and log say', async () => {
  const signature = join(scenario.repository, 'edms', backup, 'manifest.sig');
  await rename(signature, scenario.path('taken-away'));
  await edms.work();
  expect(await refused('restore', 'edms', backup, '--confirm', 'edms')).toEqual({
    exit: 8,
    error: `${backup} is not signed: an earlier holdfast made it, or its signature was taken away`,
    hint: 'restore another backup; or, if you know where it comes from: --allow-unsigned',
  });
  const args = ['restore', 'edms', backup, '--confirm', 'edms', '--allow-unsigned'];
  const { exit, stdout, stderr } = await holdfast(scenario, args);
  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining('restored edms') });
  expect(stderr).toContain('not signed: nobody vouches for what is in it, restored as asked');
  expect(stderr).toContain('restored as asked although it is not signed');
  expect(await edms.live()).toEqual(old);
  const { entries } = await logOf();
  expect(entries.at(-1)).toMatchObject({
    ...{ kind: 'restore', outcome: 'restored', backup },
    facts: { unsigned: 'not signed', mode: 'swap', approvedBy: expect.stringContaining('@') },
  });
  await rename(scenario.path('taken-away'), signature);
});

it('what is verified is the log: status --verify needs --log', async () => {
  expect(await refused('status', 'edms', '--verify')).toEqual({
    exit: 2,
    error: '--verify goes with --log',
    hint: 'holdfast status edms --log --verify',
  });
});

it('with nothing running, the log tells all that happened in its order, and is whole', async () => {
  await up.stop();
  const { exit, stdout, stderr } = await holdfast(scenario, ['status', 'edms', '--log', '--verify']);
  const { entries, gaps, problems } = await logOf('--verify');
  expect({ exit, gaps, problems }).toEqual({ exit: 0, gaps: [], problems: [] });
  expect(stderr).toContain(`whole: ${entries.length} entries, signed, each naming the one before`);
  const told = entries.map(({ kind, outcome }) => `${kind} ${outcome}`);
  expect(told).toEqual([
    'key noted',
    'configuration noted',
    'backup made',
    'verify intact',
    'verify intact',
    'approval approved',
    'restore restored',
    'approval approved',
    'restore restored',
  ]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split('  ').slice(1, 3).join(' '))).toEqual(told);
  expect(lines[2]).toMatch(
    new RegExp(`^\\d{4}-.* UTC {2}backup {2}made {2}${backup} {2}repository=local {2}bytes=`),
  );
});

it('an entry that was taken out is named, and the exit code says so', async () => {
  const folder = join(scenario.repository, 'edms', 'log');
  const names = (await readdir(folder)).sort();
  const removed = names.find((name) => name.includes('-approval-')) ?? '';
  await rm(join(folder, removed));
  const words = expect.stringContaining(`names ${removed}, which is nowhere`);
  const { exit, stdout, stderr } = await holdfast(scenario, ['status', 'edms', '--log', '--verify']);
  expect({ exit, stderr }).toEqual({ exit: 8, stderr: words });
  expect(stderr).toContain('error: the log of edms has 1 gap');
  expect(stdout.trimEnd().split('\n')).toHaveLength(names.length - 1);
  expect((await logOf()).gaps).toEqual([words]);
});
