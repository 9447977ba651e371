// Servers, roles and other people that do not let a backup or a restore happen: said at once, and nothing is changed.
import { chmod, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runFailure } from '../../src/cli/workflow-failure.js';
import { addressOf, readServerRecord } from '../../src/temporal/server-record.js';
import { withClient } from '../support/embedded-server.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications, createDatabase } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve, startCommand } from '../support/scenario-commands.js';
import { failureOf, type Said } from '../support/scenario-failures.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { behave, putGate } from '../support/scenario-programs.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const trees = ['edms', 'late', 'held', 'changed'].map((name) => scenario.path(name, 'storage'));
await application('edms');
const up = await serve(scenario);
await application('silent', {
  databases: [],
  trees: [],
  settings: { databases: { main: scenario.database('edms', { port: 1 }) } },
});
const silent = startCommand(scenario, ['backup', 'silent']);
const where = `postgres@127.0.0.1:${cluster.port}`;

afterEach(async () => {
  await behave(scenario);
  await expectNothingLeft(scenario, trees);
});
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const refused = async (...args: string[]): Promise<Said> => failureOf(await holdfast(scenario, args));
const restoring = (deployment: string) => refused('restore', deployment, '--confirm', deployment);

/** A deployment without files, whose database is that one. */
const database = (deployment: string, settings: Record<string, unknown>) =>
  application(deployment, {
    databases: [],
    trees: [],
    settings: { databases: { main: settings }, files: {} },
  });

describe('a backup', () => {
  it('with a wrong password is refused', async () => {
    await writeFile(scenario.path('wrong'), 'guessed', { mode: 0o600 });
    await database('wrong', scenario.database('postgres', { password: `file:${scenario.path('wrong')}` }));
    expect(await refused('backup', 'wrong')).toEqual({
      exit: 1,
      error: `PostgreSQL (${where}/postgres): password authentication failed for user "postgres"`,
      hint: 'check user and password in holdfast.yaml',
    });
  });

  it('of a database that does not exist is refused', async () => {
    await database('nowhere', scenario.database('nothing'));
    expect(await refused('backup', 'nowhere')).toEqual({
      exit: 1,
      error: `PostgreSQL (${where}/nothing): database "nothing" does not exist`,
      hint: 'check the database’s name in holdfast.yaml',
    });
  });

  it('of a server that does not answer gives up within a minute', async () => {
    const answer = await silent.ended;
    expect(failureOf(answer)).toEqual({
      exit: 1,
      error: expect.stringMatching(/^no connection to postgres@127\.0\.0\.1:1\/edms: .*ECONNREFUSED/),
      hint: 'check that the server runs and that host and port are right',
    });
    expect(answer.seconds).toBeLessThan(60);
  });

  it('as a role that may not read a table is refused', async () => {
    await cluster.query('postgres', `create role blind login password 'dark'`);
    await createDatabase(cluster, 'dim');
    await cluster.query('postgres', 'grant connect on database dim to blind');
    await writeFile(scenario.path('dark'), 'dark', { mode: 0o600 });
    await database(
      'blind',
      scenario.database('dim', { user: 'blind', password: `file:${scenario.path('dark')}` }),
    );
    expect(await refused('backup', 'blind')).toEqual({
      exit: 1,
      error: expect.stringMatching(/^blind cannot back up dim: the role may not read .* and \d+ more$/),
      hint: 'give the role the right that is named, or use a superuser',
    });
  });

  it('while another one is made is refused, whatever its workflow is called, and the first one goes on', async () => {
    const gate = await putGate(scenario, 'pg_dump', { argument: '--format=custom', waits: 'output' });
    const first = startCommand(scenario, ['backup', 'edms', '--json']);
    await gate.reached();
    expect(await refused('backup', 'edms')).toEqual({
      exit: 4,
      error: 'a backup of edms is already running',
      hint: 'holdfast watch holdfast.edms.backup',
    });
    const busy = {
      error: 'a backup of edms is in progress (holdfast.edms.backup)',
      hint: 'wait for it: holdfast watch holdfast.edms.backup',
    };
    const { code, message, hint } = await startedElsewhere('backup', 'other');
    expect(code).toBe('BUSY');
    expect(message).toContain(busy.error);
    expect(hint).toBe(busy.hint);
    expect(await restoring('edms')).toEqual({ exit: 4, ...busy });
    await gate.open();
    const { exit, stdout } = await first.ended;
    expect(exit).toBe(0);
    await restore(scenario, JSON.parse(stdout).backup);
  });
});

const startedElsewhere = async (type: string, workflowId: string) => {
  const record = await readServerRecord(scenario.state);
  return withClient(record === null ? '' : addressOf(record), async (client) => {
    const input = { taskQueue: 'holdfast.default', workflowId, args: [{ deployment: 'edms' }] };
    return runFailure(await client.workflow.execute(type, input).catch((error: unknown) => error));
  });
};

describe('a restore', () => {
  it('as a role that may not create databases is refused', async () => {
    const app = await application('rights', { trees: [] });
    await backUp(scenario, 'rights');
    await cluster.query('postgres', `create role modest login password 'dark'; grant app_owner to modest`);
    await cluster.query('postgres', 'grant connect on database postgres to modest');
    const settings = scenario.database('rights', {
      user: 'modest',
      password: `file:${scenario.path('dark')}`,
    });
    await application('rights', { databases: [], trees: [], settings: { databases: { main: settings } } });
    const before = await app.live();
    expect(await restoring('rights')).toEqual({
      exit: 1,
      error: 'modest may not create databases',
      hint: 'as a superuser: alter role "modest" createdb',
    });
    expect(await app.live()).toEqual(before);
  });

  it('to a server that lacks a role is refused', async () => {
    const app = await application('roles', { trees: [] });
    await cluster.query('postgres', 'create role "went away"');
    await cluster.query('roles', 'alter table documents owner to "went away"');
    await backUp(scenario, 'roles');
    await cluster.query('roles', 'reassign owned by "went away" to app_owner; drop owned by "went away"');
    await cluster.query('postgres', 'drop role "went away"');
    const before = await app.live();
    expect(await restoring('roles')).toEqual({
      exit: 1,
      error: 'the server lacks roles that the backup needs: went away',
      hint: 'create them (create role …); the backup’s globals have them as they were',
    });
    expect(await app.live()).toEqual(before);
  });

  it('over a database that a prepared transaction holds is refused', async () => {
    const app = await application('held');
    await backUp(scenario, 'held');
    await cluster.query('held', HOLD);
    const before = await app.live();
    expect(await restoring('held')).toEqual({
      exit: 1,
      error: 'prepared transactions hold the live database: stuck (in held, of postgres)',
      hint: 'commit or roll them back: select * from pg_prepared_xacts',
    });
    expect(await app.live()).toEqual(before);
    await cluster.query('held', `rollback prepared 'stuck'`);
  });

  it('that a prepared transaction comes before, after the plan, is rolled back', async () => {
    const app = await application('late');
    await backUp(scenario, 'late');
    await app.work();
    const before = await app.live();
    const gate = await putGate(scenario, 'pg_restore', { argument: '--exit-on-error', waits: 'input' });
    const command = startCommand(scenario, ['restore', 'late', '--confirm', 'late']);
    await gate.reached();
    await cluster.query('late', HOLD);
    await gate.open();
    const { exit, error } = failureOf(await command.ended);
    expect({ exit, error }).toEqual({
      exit: 6,
      error: expect.stringMatching(
        /^rolled back: prepared transactions hold the (live )?database: stuck.*; what was there before is there again$/,
      ),
    });
    await cluster.query('late', `rollback prepared 'stuck'`);
    expect(await app.live()).toEqual(before);
  });

  it('whose configuration changed after its plan was shown is refused', async () => {
    const app = await application('changed');
    const backup = await backUp(scenario, 'changed');
    await app.work();
    const before = await app.live();
    const { run } = await answerOf(scenario, ['restore', 'changed', '--detach']);
    const watching = startCommand(scenario, ['watch', String(run)]);
    await watching.says(/it waits for approval/);
    await application('changed', {
      databases: [],
      trees: [],
      settings: settingsOf('changed', { keepPrevious: '1h' }),
    });
    expect(
      await holdfast(scenario, ['approve', String(run), '--confirm', `changed@${backup}`]),
    ).toMatchObject({ exit: 0 });
    expect(failureOf(await watching.ended)).toEqual({
      exit: 5,
      error: 'what was approved for changed is no longer what would be done',
      hint: 'read the new plan and approve it again',
    });
    expect(await app.live()).toEqual(before);
  });
});

const HOLD = `begin; update documents set title = 'held' where id = 100; prepare transaction 'stuck'`;

const settingsOf = (name: string, more: Record<string, unknown>) => ({
  databases: { main: scenario.database(name) },
  files: { storage: scenario.path(name, 'storage') },
  ...more,
});

describe('holdfast up', () => {
  it('on a state folder that is served already is refused, and the first one goes on', async () => {
    const second = await holdfast(scenario, ['up']);
    expect(failureOf(second)).toEqual({
      exit: 4,
      error: `holdfast up (process ${up.pid}) already serves the state folder ${scenario.state}`,
      hint: 'stop it, or set state in holdfast.yaml to a folder of its own',
    });
    await backUp(scenario);
  });
});

describe('a configuration', () => {
  it('with trees that overlap, and with several other problems, is refused with all of them', async () => {
    const file = scenario.path('overlapping.yaml');
    const config = {
      state: scenario.state,
      repositories: { local: { local: scenario.path('edms', 'storage', 'backups') } },
      deployments: {
        edms: {
          database: scenario.database('edms', { password: 'secret' }),
          files: { a: scenario.path('edms') },
        },
        other: { files: { b: scenario.path('edms', 'storage') } },
      },
    };
    await writeFile(file, stringify(config), { mode: 0o600 });
    const { exit, error, hint } = failureOf(await holdfast(scenario, ['backup', 'edms'], { config: file }));
    expect({ exit, hint }).toEqual({ exit: 2, hint: 'mend holdfast.yaml, then try again' });
    expect(error).toMatch(/^\d problems in .*overlapping\.yaml:\n/);
    expect(error).toContain(
      'deployments.edms.database.password: a password is not written here; use env:NAME, file:/path or command:program args',
    );
    expect(error).toMatch(
      /^deployments\.(edms\.files\.a|other\.files\.b): .*folders that are restored must not overlap$/m,
    );
    expect(error).toMatch(/^deployments\.edms\.files\.a: .*backups must not be part of what is backed up$/m);
  });

  it('that others can change is refused', async () => {
    const file = scenario.path('open.yaml');
    await writeFile(file, 'deployments: {}');
    await chmod(file, 0o666);
    const { exit, error } = failureOf(await holdfast(scenario, ['list'], { config: file }));
    expect(exit).toBe(2);
    expect(error).toContain('can be changed by others');
  });
});
