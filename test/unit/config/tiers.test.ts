import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import type { Routine } from '../../../src/domain/tiers.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const KEY = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

const withDeployment = (deployment: string, more = ''): string => `
state: /var/lib/holdfast
repositories: { local: { local: /srv/backups }, offsite: { rclone: "away:holdfast" } }
${more}
deployments:
  edms:
    files: { storage: /srv/storage }
    ${deployment}
`;

const routineIn = async (deployment: string, more = ''): Promise<Routine> => {
  const config = await loadConfig({ file: await writeConfig(withDeployment(deployment, more)) });
  const routine = config.routines.edms;
  if (routine === undefined) throw new Error('no routine');
  return routine;
};

const tierIn = async (deployment: string, name: string) =>
  (await routineIn(deployment)).tiers.find((tier) => tier.name === name);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('without tiers nothing is made and nothing is removed by itself', async () => {
  expect(await routineIn('')).toEqual({
    tiers: [],
    verify: null,
    drill: { timed: null, maxAgeMs: 35 * DAY },
    giveUpAfterMs: null,
  });
});

test('a known name needs nothing but how much is kept; what nobody schedules is kept for a time', async () => {
  const { tiers, verify, drill } = await routineIn(
    'tiers: { hourly: { keep: 1 }, daily: { keep: 1 }, weekly: { keep: 1 }, monthly: { keep: 1 }, yearly: { keep: all } }',
  );
  expect(tiers.map(({ name, schedule }) => [name, schedule])).toEqual([
    ['hourly', '0 * * * *'],
    ['daily', '0 2 * * *'],
    ['weekly', '0 3 * * 0'],
    ['monthly', '0 4 1 * *'],
    ['yearly', '0 5 1 1 *'],
    ['manual', null],
    ['safety', null],
  ]);
  expect(tiers.slice(-3).map(({ keep }) => keep)).toEqual([
    { local: { kind: 'all' }, offsite: { kind: 'all' } },
    { local: { kind: 'for', ms: 30 * DAY }, offsite: { kind: 'for', ms: 30 * DAY } },
    { local: { kind: 'for', ms: 7 * DAY }, offsite: { kind: 'for', ms: 7 * DAY } },
  ]);
  expect([verify?.schedule, drill.timed?.schedule]).toEqual(['30 5 * * 6', '0 5 * * 0']);
});

test('each repository may keep as much as it is told', async () => {
  expect(await tierIn('tiers: { daily: { keep: { local: 7, offsite: all } } }', 'daily')).toMatchObject({
    keep: { local: { kind: 'slots', slots: 7 }, offsite: { kind: 'all' } },
  });
  expect(await tierIn('tiers: { daily: { keepFor: { local: 7d, offsite: 90d } } }', 'daily')).toMatchObject({
    keep: { local: { kind: 'for', ms: 7 * DAY }, offsite: { kind: 'for', ms: 90 * DAY } },
  });
  expect(
    await tierIn(
      'tiers: { daily: { keep: 7 }, monthly: { from: daily, keep: { local: 0, offsite: 12 } } }',
      'monthly',
    ),
  ).toMatchObject({
    from: 'daily',
    schedule: '0 4 1 * *',
    keep: { local: { kind: 'slots', slots: 0 }, offsite: { kind: 'slots', slots: 12 } },
  });
});

test('one missed run is caught up: for a day, or until the next one where that is sooner', async () => {
  const times = async (tier: string) => {
    const { catchUpMs, jitterMs } = (await tierIn(`tiers: { own: { keep: 1, ${tier} } }`, 'own')) ?? {};
    return [catchUpMs, jitterMs];
  };
  expect(await times('schedule: "0 2 1 * *"')).toEqual([DAY, 120_000]);
  expect(await times('schedule: "0 2,14 * * *"')).toEqual([12 * HOUR, 120_000]);
  expect(await times('schedule: "* * * * *"')).toEqual([60_000, 6_000]);
  expect(await times('schedule: "0 2 * * *", catchUp: 6h, jitter: none')).toEqual([6 * HOUR, 0]);
});

test('manual and safety backups may be kept for another time than usual', async () => {
  const { tiers } = await routineIn('tiers: { manual: { keepFor: 90d }, safety: { keep: all } }');
  expect(tiers).toMatchObject([
    { name: 'manual', schedule: null, keep: { local: { kind: 'for', ms: 90 * DAY } } },
    { name: 'safety', schedule: null, keep: { local: { kind: 'all' } } },
  ]);
});

describe('verifications and drills', () => {
  test('are made when they are told to be, without tiers too', async () => {
    const { verify, drill, giveUpAfterMs } = await routineIn(
      'verify: { schedule: "0 6 * * *" }\n    drill: { schedule: "0 7 1 * *", maxAge: 60d, catchUp: 2d }\n    giveUpAfter: 3h',
    );
    expect(verify).toEqual({ schedule: '0 6 * * *', catchUpMs: DAY, jitterMs: 120_000 });
    expect(drill).toEqual({
      timed: { schedule: '0 7 1 * *', catchUpMs: 2 * DAY, jitterMs: 120_000 },
      maxAgeMs: 60 * DAY,
    });
    expect(giveUpAfterMs).toBe(3 * HOUR);
  });

  test('are not made when they are told not to be', async () => {
    const { verify, drill } = await routineIn(
      'tiers: { daily: { keep: 7 } }\n    verify: never\n    drill: { schedule: never }',
    );
    expect([verify, drill.timed]).toEqual([null, null]);
    expect(
      (await routineIn('tiers: { daily: { keep: 7 } }\n    verify: { schedule: never }')).verify,
    ).toBeNull();
  });

  test('drills are not made where nothing can be decrypted', async () => {
    const encrypted = (more: string) =>
      routineIn('tiers: { daily: { keep: 7 } }', `encryption: { recipients: [${KEY}]${more} }`);
    expect((await encrypted('')).drill.timed).toBeNull();
    expect((await encrypted(', identity: file:/etc/holdfast/key.txt')).drill.timed?.schedule).toBe(
      '0 5 * * 0',
    );
  });

  test('say nothing about what an operation is pinned to', async () => {
    const digest = async (deployment: string) =>
      (await loadConfig({ file: await writeConfig(withDeployment(deployment)) })).deployments.edms?.digest;
    expect(await digest('tiers: { daily: { keep: 7 } }\n    drill: { schedule: never, maxAge: 5d }')).toBe(
      await digest(''),
    );
  });
});

describe('what cannot be is named by its path, all of it at once', () => {
  test.each([
    ['tiers: {}', ['tiers: must name at least one']],
    [
      'tiers: { daily: {} }',
      ['tiers.daily: needs keep or keepFor: how much of it is kept (keep: all to remove nothing)'],
    ],
    [
      'tiers: { daily: { keep: 7, keepFor: 7d } }',
      ['tiers.daily: has both keep and keepFor; use the one or the other'],
    ],
    [
      'tiers: { nightly: { keep: 7 } }',
      [
        'tiers.nightly.schedule: is missing; only hourly, daily, weekly, monthly, yearly have one that goes without saying',
      ],
    ],
    [
      'tiers: { daily: { keep: 0 }, weekly: { keep: 1.5 }, monthly: { keep: many }, yearly: { keepFor: 3 } }',
      [
        'tiers.daily.keep: must be a whole number, or all',
        'tiers.weekly.keep: must be a whole number, or all',
        'tiers.monthly.keep: must be a number or all or a mapping',
        'tiers.yearly.keepFor: must be text or a mapping, not a number (quotes make it text)',
      ],
    ],
    [
      'tiers: { daily: { keep: { local: 7 } }, weekly: { keepFor: { local: 7d, offside: 7d } }, monthly: { keep: { local: 0, offsite: 0 } } }',
      [
        'tiers.daily.keep.offsite: is missing',
        'tiers.weekly.keepFor.offside: is not a repository of this deployment; did you mean offsite?',
        'tiers.monthly.keep: keeps nothing anywhere',
      ],
    ],
    [
      'tiers: { daily: { keep: 7, schedule: "0 2 31 2 *" }, verify: { keep: 7, schedule: "0 2 * * *" } }\n    verify: "0 2 * * *"',
      [
        'tiers.daily.schedule: never comes: none of its months has such a day',
        'tiers.verify: is no name for a tier: verify has a schedule of its own beside tiers',
        'verify: must be never or a mapping',
      ],
    ],
    [
      'tiers: { daily: { keep: 7, from: weekly }, weekly: { keep: 4, from: daily }, monthly: { keep: 1, from: dayly }, yearly: { keep: 1, from: yearly } }',
      [
        'tiers.daily.from: names weekly, which is not a tier that makes backups of its own',
        'tiers.weekly.from: names daily, which is not a tier that makes backups of its own',
        'tiers.monthly.from: names dayly, which is not a tier that makes backups of its own',
        'tiers.yearly.from: names the tier itself',
      ],
    ],
    [
      'tiers: { daily: { keep: 7 }, monthly: { keep: 1, from: dayly, jitter: 1m }, yearly: { keep: 1, from: daily, catchUp: 1d } }',
      [
        'tiers.monthly.from: names dayly, which is not a tier that makes backups of its own; did you mean daily?',
        'tiers.yearly.catchUp: does nothing here: its backups are those of daily',
      ],
    ],
    [
      'tiers: { daily: { keep: 7, catchUp: 25h }, weekly: { keep: 7, jitter: 2h }, own: { schedule: "*/5 * * * *", keep: 1, jitter: 6m } }',
      [
        'tiers.daily.catchUp: is longer than the time between two runs (1d)',
        'tiers.weekly.jitter: must be at most 1h',
        'tiers.own.jitter: is longer than the time between two runs (5m)',
      ],
    ],
    [
      'tiers: { manual: { keep: 7, schedule: "0 2 * * *" }, safety: {} }',
      [
        'tiers.manual.keep: counts scheduled moments, and such backups have none; use keepFor, or keep: all',
        'tiers.manual.schedule: does not go here: no schedule makes such backups; only how long they are kept can be said',
        'tiers.safety: says nothing: give it keepFor, or keep: all',
      ],
    ],
    [
      'drill: { schedule: weekly, maxAge: old }\n    giveUpAfter: 25h',
      [
        'drill.schedule: must be five fields: minute, hour, day of month, month, day of week',
        'drill.maxAge: must be a duration such as 90s, 30m, 12h or 30d',
        'giveUpAfter: must be at most 12h',
      ],
    ],
  ])('%s', async (deployment, problems) => {
    expect(await problemsIn(withDeployment(deployment))).toEqual(
      problems.map((problem) => `deployments.edms.${problem}`),
    );
  });

  test('a drill that is asked for needs the key', async () => {
    const text = withDeployment('drill: { schedule: "0 5 * * 0" }', `encryption: { recipients: [${KEY}] }`);
    expect(await problemsIn(text)).toEqual([
      'deployments.edms.drill.schedule: needs encryption.identity: what is encrypted cannot be restored here without it',
    ]);
  });
});
