import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HookSettings } from '../../../src/config/service-settings.js';
import { type Effect, runEffect } from '../../../src/domain/effect.js';
import { Failure } from '../../../src/domain/failure.js';
import { type HookRun, requireHooks, runHooks } from '../../../src/operations/hooks.js';
import { rememberingRegister } from '../../support/programs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-hooks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const DATABASE = { name: 'main', host: '/run/postgresql', port: 5433, user: 'edms', database: 'edms_live' };

const run = (changes: Partial<HookRun> = {}): HookRun => ({
  name: 'afterRestore',
  facts: {
    deployment: 'edms',
    backup: '20260111T224748Z-full-3f9a',
    operation: '0123456789',
    databases: [DATABASE, { ...DATABASE, name: 'audit', database: 'audit' }],
    trees: [
      { name: 'storage', path: '/srv/edms/storage' },
      { name: 'user-media', path: '/srv/edms media' },
    ],
    connection: {
      PGSERVICEFILE: '/private/pg_service.conf',
      PGSSLMODE: 'require',
      PGPASSFILE: '/private/pgpass',
    },
  },
  signal: new AbortController().signal,
  processes: rememberingRegister().register,
  effect: runEffect,
  timeoutMs: 30_000,
  ...changes,
});

const sh = (script: string): string[] => ['sh', '-c', script];

const failureOf = async (act: Promise<unknown>): Promise<Failure> => {
  const thrown: unknown = await act.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error('no Failure', { cause: thrown });
};

describe('what a hook is given', () => {
  test('are the facts of the deployment, in its environment', async () => {
    await runHooks([sh(`env > '${folder}/env'`)], run());
    const lines = (await readFile(join(folder, 'env'), 'utf8')).split('\n');
    expect(lines.filter((line) => /^(HOLDFAST|PG)/.test(line)).sort()).toEqual([
      'HOLDFAST_BACKUP=20260111T224748Z-full-3f9a',
      'HOLDFAST_DATABASES=main audit',
      'HOLDFAST_DEPLOYMENT=edms',
      'HOLDFAST_HOOK=afterRestore',
      'HOLDFAST_OPERATION=0123456789',
      'HOLDFAST_TREES=storage user-media',
      'HOLDFAST_TREE_STORAGE=/srv/edms/storage',
      'HOLDFAST_TREE_USER_MEDIA=/srv/edms media',
      'PGDATABASE=edms_live',
      'PGHOST=/run/postgresql',
      'PGPASSFILE=/private/pgpass',
      'PGPORT=5433',
      'PGSERVICEFILE=/private/pg_service.conf',
      'PGSSLMODE=require',
      'PGUSER=edms',
    ]);
  });

  test('is nothing of a database where there is none', async () => {
    const facts = { ...run().facts, databases: [] };
    await runHooks([sh(`env > '${folder}/env'`)], run({ facts }));
    const lines = (await readFile(join(folder, 'env'), 'utf8')).split('\n');
    expect(lines.filter((line) => line.startsWith('PG'))).toEqual([]);
    expect(lines).toContain('HOLDFAST_DATABASES=');
  });

  test('are its arguments, untouched by a shell', async () => {
    await runHooks([['sh', '-c', `printf '%s' "$1" > "$0"`, join(folder, 'said'), '$HOME; `x` *']], run());
    expect(await readFile(join(folder, 'said'), 'utf8')).toBe('$HOME; `x` *');
  });
});

test('commands run one after the other, each of them one effect', async () => {
  const file = join(folder, 'order');
  const effects: string[] = [];
  const effect: Effect = (name, act) => {
    effects.push(name);
    return act();
  };
  await runHooks([sh(`sleep 0.1; echo one >> '${file}'`), sh(`echo two >> '${file}'`)], run({ effect }));
  expect(await readFile(file, 'utf8')).toBe('one\ntwo\n');
  expect(effects).toEqual([
    'run command 1 of the hook afterRestore',
    'run command 2 of the hook afterRestore',
  ]);
});

describe('a hook that fails', () => {
  test('is named with its command, its exit code and its last words, and those behind it do not run', async () => {
    const commands = [
      sh('echo migrating; echo ERROR: no such column >&2; exit 4'),
      sh(`touch '${folder}/ran'`),
    ];
    const failure = await failureOf(runHooks(commands, run()));
    expect(failure).toMatchObject({
      code: 'HOOK_FAILED',
      message:
        'hook afterRestore: sh -c "echo migrating; echo ERROR: no such column >&2; exit 4" failed (exit 4: ERROR: no such column)',
      evidence: 'ERROR: no such column\n',
    });
    await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  });

  test('is proved by what it printed where it has no error output', async () => {
    const failure = await failureOf(runHooks([sh('echo it did not work; exit 1')], run()));
    expect(failure.message).toMatch(/failed \(exit 1: it did not work\)$/);
    expect(failure.evidence).toBe('it did not work\n');
  });

  test('is a failed hook whatever its words remind of', async () => {
    const failure = await failureOf(runHooks([sh('echo No space left on device >&2; exit 1')], run()));
    expect(failure.code).toBe('HOOK_FAILED');
  });

  test('by a signal is named with the signal', async () => {
    const failure = await failureOf(runHooks([sh('kill -9 $$')], run({ name: 'beforeBackup' })));
    expect(failure).toMatchObject({
      code: 'HOOK_FAILED',
      message: 'hook beforeBackup: sh -c "kill -9 $$" failed: sh was killed by SIGKILL',
    });
  });

  test('by being gone is named too', async () => {
    const failure = await failureOf(runHooks([['/nowhere/migrate']], run()));
    expect(failure).toMatchObject({
      code: 'HOOK_FAILED',
      message: 'hook afterRestore: /nowhere/migrate failed: /nowhere/migrate is not installed',
    });
  });
});

describe('a hook that does not end', () => {
  test('is ended when its time is up, with what it had started', async () => {
    const { register, left } = rememberingRegister();
    const commands = [sh('sleep 60 & sleep 60')];
    const failure = await failureOf(runHooks(commands, run({ timeoutMs: 300, processes: register })));
    expect(failure).toMatchObject({
      code: 'HOOK_FAILED',
      message: 'hook afterRestore: sh -c "sleep 60 & sleep 60" did not end within 0.3 s',
    });
    expect(await left()).toEqual([]);
  });

  test('is ended when the step is told to stop, which then throws the reason', async () => {
    const { register, left } = rememberingRegister();
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const started: typeof register = {
      ...register,
      started: async (pid, program) => {
        await register.started(pid, program);
        stop.abort(reason);
      },
    };
    const running = runHooks([sh('sleep 60')], run({ signal: stop.signal, processes: started }));
    await expect(running).rejects.toBe(reason);
    expect(await left()).toEqual([]);
  });
});

test('a hook that says a great deal is heard to its end', async () => {
  const much =
    'yes all is well | head -c 5000000; yes 2>/dev/null | head -c 5000000 >&2; echo the end >&2; exit 9';
  const failure = await failureOf(runHooks([sh(much)], run()));
  expect(failure.message).toMatch(/failed \(exit 9: the end\)$/);
  expect(failure.evidence?.length).toBeLessThanOrEqual(4096);
});

describe('a program that is not there', () => {
  const hooks: HookSettings = {
    beforeBackup: [['sh', '-c', 'true'], ['holdfast-no-such-program']],
    afterBackup: [],
    afterRestore: [['/nowhere/migrate', 'now']],
  };

  test('is found out before anything is stopped', async () => {
    expect(await failureOf(requireHooks(hooks, ['afterRestore']))).toMatchObject({
      code: 'TOOL_MISSING',
      message: 'hook afterRestore: /nowhere/migrate is not there, or cannot be run',
      hint: 'install it, or mend hooks.afterRestore in holdfast.yaml',
    });
    expect((await failureOf(requireHooks(hooks, ['beforeBackup', 'afterBackup']))).message).toBe(
      'hook beforeBackup: holdfast-no-such-program is not installed',
    );
  });

  test('does not matter to a run that does not run it', async () => {
    await expect(requireHooks(hooks, ['afterBackup'])).resolves.toBeUndefined();
  });
});
