// What doctor says of an application around the data, from the outside: by the command line, and as a workflow.
import { chmod, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { Finding } from '../../src/domain/findings.js';
import { connectTemporal } from '../../src/temporal/client.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { backUp, holdfast, serve, startCommand } from '../support/scenario-commands.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const edms = await application('edms');
const data = { database: scenario.database('edms'), files: { storage: edms.trees[0] } };
const up = await serve(scenario);

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const RUNNING = scenario.path('running');
const HEALTHY = scenario.path('healthy');

/** Runs while a file is there; what starts it is not healthy at once. */
const service = {
  command: {
    stop: ['rm', '-f', RUNNING],
    start: ['sh', '-c', `rm -f '${HEALTHY}'; touch '${RUNNING}'`],
    status: ['test', '-e', RUNNING],
  },
};

const healthy = { command: ['sh', '-c', `test -e '${HEALTHY}' || { echo not yet; exit 1; }`] };

const configure = (around: Record<string, unknown> = {}) =>
  scenario.configure({
    edms: { ...data, services: [service], health: { checks: [healthy] }, ...around },
  });

beforeEach(async () => {
  await Promise.all([RUNNING, HEALTHY].map((file) => writeFile(file, '')));
  await configure();
});

interface Said {
  exit: number | string;
  ok: boolean;
  /** `level message`. */
  in: (area: Finding['area']) => string[];
}

const doctor = async (): Promise<Said> => {
  const { exit, stdout } = await holdfast(scenario, ['doctor', 'edms', '--json']);
  const [{ ok, findings }] = JSON.parse(stdout) as [{ ok: boolean; findings: Finding[] }];
  const said = (area: Finding['area']) =>
    findings.filter((one) => one.area === area).map(({ level, message }) => `${level} ${message}`);
  return { exit, ok, in: said };
};

describe('an application that is well', () => {
  it('is told service by service and check by check, with what it uses', async () => {
    const said = await doctor();
    expect(said).toMatchObject({ exit: 0, ok: true });
    expect(said.in('APPLICATION')).toEqual([
      `ok command rm -f ${RUNNING} is running`,
      expect.stringMatching(/^ok health: sh -c .* exited with 0$/),
      expect.stringMatching(
        /^(ok|warning) this host: load [\d.]+ on \d+ processors, \d+ MB of \d+ MB memory free$/,
      ),
    ]);
    expect(said.in('DATABASE')[0]).toMatch(/^ok database main: edms on PostgreSQL \d+ answers/);
    expect(said.in('BACKUP_SYSTEM')).toContain('ok no operation is at work');
  });

  it('has backups that are not encrypted: a warning, and no reason to fail', async () => {
    expect((await doctor()).in('SECURITY')).toContain(
      'warning backups in local are not encrypted: whoever can read them has the data',
    );
  });
});

describe('an application that is ill', () => {
  it('is told in the checks’ own words, and stops no backup', async () => {
    await Promise.all([RUNNING, HEALTHY].map((file) => rm(file)));
    const said = await doctor();
    expect(said).toMatchObject({ exit: 0, ok: true });
    expect(said.in('APPLICATION').slice(0, 2)).toEqual([
      `warning command rm -f ${RUNNING} is stopped`,
      expect.stringMatching(/^warning health: sh -c .* failed \(exit 1: not yet\)$/),
    ]);
    expect((await holdfast(scenario, ['backup', 'edms'])).exit).toBe(0);
  });
});

describe('what would fail is a problem, and exit code 1', () => {
  it('a check that can never pass, a service and a hook whose program is missing', async () => {
    const missing = ['/nowhere/program'];
    await configure({
      services: [service, { command: { stop: missing, start: missing, status: missing } }],
      health: { checks: [{ command: missing }, healthy] },
      hooks: { afterRestore: [missing] },
    });
    const said = await doctor();
    expect(said).toMatchObject({ exit: 1, ok: false });
    expect(said.in('APPLICATION')).toEqual(
      expect.arrayContaining([
        `ok command rm -f ${RUNNING} is running`,
        'problem /nowhere/program is not installed',
        'problem health: /nowhere/program is not installed',
      ]),
    );
    expect(said.in('BACKUP_SYSTEM')).toContain(
      'problem hook afterRestore: /nowhere/program is not there, or cannot be run',
    );
  });

  it('a folder of backups into which others can put something else', async () => {
    await chmod(scenario.repository, 0o777);
    const said = await doctor();
    await chmod(scenario.repository, 0o700);
    expect(said.exit).toBe(1);
    expect(said.in('SECURITY')).toContain(
      `problem repository local: others can put something else into ${scenario.repository} (mode 0777)`,
    );
    expect((await doctor()).in('SECURITY')).toContain(
      `ok repository local: others can read nothing in ${scenario.repository}`,
    );
  });
});

describe('as a workflow', () => {
  const run = async (args: unknown[]) => {
    const { client, close } = await connectTemporal(await loadConfig({ file: scenario.config }));
    try {
      const workflowId = 'holdfast.edms.doctor';
      const handle = await client.workflow.start('doctor', {
        args,
        workflowId,
        taskQueue: 'holdfast.default',
      });
      return await handle.result();
    } finally {
      await close();
    }
  };

  it('it says the same, of one deployment or of all', async () => {
    for (const args of [[{ deployment: 'edms' }], []]) {
      expect(await run(args)).toMatchObject({
        ok: true,
        problems: 0,
        lines: expect.arrayContaining([expect.stringMatching(/^edms SECURITY warning: backups in local/)]),
      });
    }
  });

  it('watch prints what it found, and ends with 1 for problems', async () => {
    await configure({ health: { checks: [{ command: ['/nowhere/program'] }] } });
    expect(await run([{ deployment: 'edms' }])).toMatchObject({ ok: false, problems: 1 });
    const { exit, stdout } = await holdfast(scenario, ['watch', 'holdfast.edms.doctor']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /^not ready\nedms APPLICATION problem: health: \/nowhere\/program is not installed/,
    );
  });
});

it('while a restore waits for health, what was seen last is a line of its own', async () => {
  const backup = await backUp(scenario);
  const restore = startCommand(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
  await restore.says(/^health: sh -c .* failed \(exit 1: not yet\)$/m);
  await writeFile(HEALTHY, '');
  const { exit, stderr } = await restore.ended;
  expect(exit).toBe(0);
  expect(stderr).toContain('\nhealth: healthy\n');
  expect(stderr.match(/not yet/g)?.length).toBeLessThan(4);
});
