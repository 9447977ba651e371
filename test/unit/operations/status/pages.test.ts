// The page of `holdfast status`, as it is printed: real repositories and a real state folder, read at noon of 20 March 2026.
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import { runEffect } from '../../../../src/domain/effect.js';
import { failed, readNotifier, writeNotifier } from '../../../../src/operations/notify/notifier-state.js';
import { takeOperation } from '../../../../src/operations/record.js';
import { notePauses } from '../../../../src/operations/status/pauses.js';
import { night } from '../../../support/pruned-world.js';
import { drilled, statusWorld, wellWorld } from '../../../support/status-world.js';
import { sampleRecord } from '../sample-record.js';

/** The words behind one label, those below it without a label too. `page`: what stands at the margin. */
const said = (page: string, label: string): string[] => {
  let last = '';
  return page.split('\n').flatMap((line) => {
    const [, own = '', words = ''] = /^ {2}(.{12})(.*)$/.exec(line) ?? ['', 'page', line];
    last = own.trim() || last;
    return last === label && words !== '' ? [words] : [];
  });
};

const expectSaid = (page: string, words: Record<string, string[]>): void => {
  const found = Object.keys(words).map((label) => [label, said(page, label)]);
  expect(Object.fromEntries(found)).toEqual(words);
};

it('all well', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  expect(await world.page()).toMatchInlineSnapshot(`
    "edms: well
      last backup 20260320T010000Z-full-0001, 11 h ago, daily, 105 B
      next        daily 2026-03-21 02:00, verify 2026-03-21 05:30, drill 2026-03-22 05:00
      copies      local: 3 backups, 315 B
                  offsite: 4 backups, 420 B
      proof       20260315T010000Z-full-0001 restored by a drill 5 d ago, may be 35 d old; recovery time 12 m 04 s: 4.1 GB
      verified    local: intact 6 d ago
                  offsite: never
      log         4 entries, the last 5 d ago

    this host: well
      agent       runs (process 4711)
      repository  local (local), 50.0 GB free
                  offsite (local), 50.0 GB free"
  `);
});

it('never backed up, and nobody there who would', async () => {
  const world = await statusWorld();
  expect(await world.page()).toMatchInlineSnapshot(`
    "edms: 2 problems
      last backup none
      next        daily 2026-03-21 02:00, verify 2026-03-21 05:30, drill 2026-03-22 05:00
      copies      local: 0 backups, 0 B
                  offsite: 0 backups, 0 B
      proof       none; may be 35 d old
      verified    local: never
                  offsite: never
      log         empty
      problem     there is no backup
                  hint: holdfast backup edms
      problem     daily is overdue since 19 d: it never had a backup
                  hint: holdfast up

    this host: well, 1 warning
      agent       does not run
      repository  local (local), 50.0 GB free
                  offsite (local), 50.0 GB free
      warning     no agent runs: nothing is backed up by itself
                  hint: holdfast up"
  `);
});

it('overdue, what was missed before, and the command that makes up for it', async () => {
  const world = await statusWorld();
  await world.agentRuns();
  await world.store(world.local, [12, 17]);
  await world.store(world.offsite, [12, 17]);
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: 1 problem, 2 warnings', 'this host: well'],
    'last backup': [`${night(17)}, 3 d ago, daily, 105 B`],
    missed: ['daily 2026-03-19 02:00, 2026-03-18 02:00, 2026-03-16 02:00 and 3 more'],
    copies: ['local: 2 backups, 210 B', 'offsite: 2 backups, 210 B'],
    problem: [
      'daily is overdue since 2 d: its newest backup is 3 d old',
      'hint: holdfast backup edms --tier daily',
    ],
    warning: [
      'daily missed 6 moments of the last 30 days',
      'hint: holdfast schedules list',
      'no backup was restored yet: a backup counts once it was',
      'hint: holdfast drill edms',
    ],
  });
});

it('a moment that has passed and is not overdue yet waits', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  expect(await world.page(new Date('2026-03-21T02:00:00Z'))).toContain(
    'waiting     daily 2026-03-21 02:00\n',
  );
});

it('a proof that is too old, and a drill that failed since', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await world.store(world.local, [30]);
  await world.store(world.offsite, [30]);
  const failed = {
    outcome: 'failed',
    facts: { repository: 'local', reason: 'table public.a has 3 rows instead of 4' },
  };
  await world.told(drilled('2026-03-29T03:00:00.000Z', night(29), failed));
  const { findings } = (await world.read(new Date('2026-04-20T00:00:00Z'))).deployments[0] ?? {};
  expect(findings).toContainEqual({
    level: 'problem',
    message: 'the last proof is 35 d old, and may be 35 d',
    hint: 'holdfast drill edms',
  });
  expect(findings).toContainEqual({
    level: 'problem',
    message: `the drill of ${night(29)} failed: table public.a has 3 rows instead of 4`,
    hint: 'holdfast drill edms',
  });
  const before = (await world.read(new Date('2026-04-18T00:00:00Z'))).deployments[0]?.findings ?? [];
  expect(before.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('the last proof'));
});

it('a drill that could not be planned is one that failed, and names no backup', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  const facts = { reason: 'no connection to db2', code: 'DATABASE_UNREACHABLE' };
  await world.told(drilled('2026-04-01T03:00:00.000Z', '', { outcome: 'failed', facts }));
  const { findings } = (await world.read(new Date('2026-04-02T00:00:00Z'))).deployments[0] ?? {};
  expect(findings).toContainEqual({
    level: 'problem',
    message: 'the drill of the newest backup failed: no connection to db2',
    hint: 'holdfast drill edms',
  });
});

it('never proved: worth knowing at first, wrong once it is older than a proof may be', async () => {
  const world = await statusWorld('manual: { keepFor: 90d }');
  await world.store(world.local, [1]);
  await world.store(world.offsite, [1]);
  const proofs = async (now: string) =>
    ((await world.read(new Date(now))).deployments[0]?.findings ?? []).filter(({ hint }) =>
      /drill/.test(hint),
    );
  expect(await proofs('2026-04-04T00:00:00Z')).toMatchObject([{ level: 'warning' }]);
  expect(await proofs('2026-04-06T00:00:00Z')).toMatchObject([
    { level: 'problem', message: 'no backup was ever restored, for 35 d; it may be 35 d' },
  ]);
});

it('a proof that may be some hours old is said so in hours', async () => {
  const world = await wellWorld();
  const text = await readFile(world.file, 'utf8');
  await writeFile(world.file, text.replace('tiers:', 'drill: { maxAge: 6h }, tiers:'));
  const page = await world.page();
  expect(page).toContain('5 d ago, may be 6 h old');
  expect(page).toContain('the last proof is 5 d old, and may be 6 h');
});

it('a repository that is gone is named with its cause, and the rest of the page stands', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await rm(world.offsite.path, { recursive: true });
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: well', 'this host: 1 problem'],
    'last backup': [`${night(20)}, 11 h ago, daily, 105 B`],
    copies: ['local: 3 backups, 315 B', 'offsite: does not answer'],
    repository: ['local (local), 50.0 GB free', 'offsite (local) does not answer'],
    problem: [
      'repository offsite at /srv/offsite: the folder is missing',
      'hint: holdfast doctor --repository offsite',
    ],
    log: ['4 entries, the last 5 d ago'],
  });
});

it('an operation that runs, and one that nobody is at', async () => {
  const world = await wellWorld();
  const record = sampleRecord(world.folder, { startedAt: '2026-03-20T11:00:00.000Z' });
  await takeOperation(world.state, record, runEffect);
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: 1 problem', 'this host: well, 1 warning'],
    interrupted: ['backup (holdfast.edms.backup), begun 1 h ago'],
    problem: [
      'a backup that began 1 h ago was interrupted: the agent that comes next puts it right',
      'hint: holdfast up',
    ],
  });
  await world.agentRuns();
  expect(said(await world.page(), 'running')).toEqual(['backup (holdfast.edms.backup), begun 1 h ago']);
  const { ok, deployments } = await world.read();
  expect({ ok, interrupted: deployments[0]?.operation?.interrupted }).toEqual({
    ok: true,
    interrupted: false,
  });
});

it('an operation whose record cannot be read is a problem, not the end of the page', async () => {
  const world = await wellWorld();
  await mkdir(join(world.state, 'operations'), { recursive: true });
  await writeFile(join(world.state, 'operations', 'edms.json'), '{');
  const [first] = (await world.read()).deployments[0]?.findings ?? [];
  expect(first).toMatchObject({ level: 'problem', message: expect.stringMatching(/edms\.json is damaged/) });
});

it('leftovers', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await world.leaveBehind(night(2));
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: well, 1 warning', 'this host: well'],
    leftovers: [`local: edms/${night(2)}`],
    warning: ['1 leftover of interrupted runs in local', 'hint: holdfast prune edms'],
  });
});

it('copies that are missing are wrong after a day, and none is missed that a repository would not keep', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await rm(join(world.offsite.path, 'edms', night(18)), { recursive: true });
  await rm(join(world.offsite.path, 'edms', night(20)), { recursive: true });
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: 1 problem', 'this host: well'],
    copies: ['local: 3 backups, 315 B', 'offsite: 2 backups, 210 B, 2 missing'],
    problem: [
      `offsite lacks 2 backups that it is to hold, the newest: ${night(20)}`,
      'hint: holdfast copy edms --to offsite',
    ],
  });
  await world.store(world.offsite, [18]);
  const { ok, deployments } = await world.read();
  expect({ ok, findings: deployments[0]?.findings }).toMatchObject({
    ok: true,
    findings: [{ level: 'warning' }],
  });
});

it('a backup that was found damaged, and one that cannot be read', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await writeFile(join(world.local.path, 'edms', night(19), 'manifest.json'), '{}');
  const findings = (await world.read()).deployments[0]?.findings ?? [];
  // To copy it is no help: it is there.
  expect(findings.map(({ hint }) => hint)).not.toContain('holdfast copy edms --to local');
  expect(findings[0]).toMatchObject({
    level: 'problem',
    message: expect.stringContaining(
      `1 backup in local is damaged, the newest: ${night(19)}: it cannot be read`,
    ),
    hint: 'holdfast verify edms --repository local --repair',
  });
});

it('--json has the shape that is documented', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  const page = await world.read();
  const keys = (value: unknown): string[] => Object.keys(value ?? {});
  expect(keys(page)).toEqual([
    'ok',
    'at',
    'timezone',
    'agent',
    'state',
    'repositories',
    'notifiers',
    'troubles',
    'unreadable',
    'deployments',
    'findings',
  ]);
  expect(keys(page.repositories[0])).toEqual(['repository', 'kind', 'problem', 'freeBytes']);
  expect(keys(page.deployments[0]?.copies[0])).toEqual([
    ...['repository', 'problem', 'backups', 'bytes', 'missing', 'copying', 'doubtful'],
  ]);
  const { copies, last, proof, next, findings, overdue, missed, waiting, operation } =
    page.deployments[0] ?? {};
  expect({ last, proof, next, findings, overdue, missed, waiting, operation }).toMatchInlineSnapshot(`
    {
      "findings": [],
      "last": {
        "at": "2026-03-20T01:00:00.000Z",
        "backup": "20260320T010000Z-full-0001",
        "bytes": 105,
        "repositories": [
          "local",
          "offsite",
        ],
        "tiers": [
          "daily",
        ],
      },
      "missed": [],
      "next": [
        {
          "at": "2026-03-21T01:00:00.000Z",
          "name": "daily",
        },
        {
          "at": "2026-03-21T04:30:00.000Z",
          "name": "verify",
        },
        {
          "at": "2026-03-22T04:00:00.000Z",
          "name": "drill",
        },
      ],
      "operation": null,
      "overdue": [],
      "proof": {
        "failed": null,
        "last": {
          "at": "2026-03-15T05:00:00.000Z",
          "backup": "20260315T010000Z-full-0001",
          "by": "drill",
        },
        "maxAgeMs": 3024000000,
        "recovery": {
          "ms": 724000,
          "rawBytes": 4100000000,
        },
      },
      "waiting": [],
    }
  `);
  expect(copies?.map(({ backups, bytes }) => ({ backups, bytes }))).toEqual([
    { backups: 3, bytes: 315 },
    { backups: 4, bytes: 420 },
  ]);
});

it('a schedule that is paused is a warning for as long as it is, and has no next run', async () => {
  const world = await wellWorld();
  const daily = { deployment: 'edms', name: 'daily', note: 'moving house' };
  const at = (time: string) => new Date(`2026-03-20T${time}:00Z`);
  await notePauses(world.state, [daily], at('09:00'));
  await notePauses(world.state, [daily, { ...daily, deployment: 'shop' }], at('11:00'));
  expect((await world.read()).deployments[0]?.paused).toEqual([]);
  await world.agentRuns();
  const { ok, deployments } = await world.read();
  expect(ok).toBe(true);
  expect(deployments[0]?.findings).toEqual([
    {
      level: 'warning',
      message: 'daily is paused, for 3 h: moving house',
      hint: 'holdfast schedules resume edms daily',
    },
  ]);
  expect(deployments[0]?.next.map(({ name }) => name)).not.toContain('daily');
  await notePauses(world.state, [], at('11:30'));
  expect((await world.read()).deployments[0]?.findings).toEqual([]);
});

it('a notifier that fails, and one that the configuration no longer names', async () => {
  const world = await wellWorld();
  await world.agentRuns();
  await appendFile(world.file, 'notify:\n  - command: [/usr/local/bin/page-somebody]\n');
  const since = new Date('2026-03-20T09:00:00Z');
  const [own] = (await loadConfig({ file: world.file })).notify;
  for (const id of [own?.id ?? '', 'email-1f3a99c0'])
    await writeNotifier(world.state, failed(await readNotifier(world.state, id), 'it exited with 3', since));
  const page = await world.page();
  expectSaid(page, {
    page: ['edms: well', 'this host: 1 problem'],
    notifier: ['command 1: fails'],
    problem: [
      'notifier command 1 has failed for 3 h, 0 waiting: it exited with 3',
      'hint: holdfast doctor --notify',
    ],
  });
});
