// Several repositories over a year of nights: copies that are late, repositories that are away, each with a rule of its own.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tierMoments } from '../../../src/config/tier-moments.js';
import { momentsAfter } from '../../../src/domain/moments.js';
import { retentionAcross } from '../../../src/domain/retention-across.js';
import type { RetentionBackup } from '../../../src/domain/retention-input.js';
import type { TierSettings } from '../../../src/domain/tiers.js';

const ZONE = 'America/New_York';
const MOMENTS = tierMoments(ZONE);
const NIGHTS = momentsAfter({ schedule: '0 2 * * *', timezone: ZONE }, new Date('2027-10-01T00:00:00Z'), 370);

const tiers: TierSettings[] = [
  {
    ...{ name: 'daily', schedule: '0 2 * * *', from: null, catchUpMs: 0, jitterMs: 0 },
    keep: { local: { kind: 'slots', slots: 5 }, offsite: { kind: 'slots', slots: 12 } },
  },
  {
    ...{ name: 'monthly', schedule: '0 4 1 * *', from: 'daily', catchUpMs: 0, jitterMs: 0 },
    keep: { local: { kind: 'slots', slots: 0 }, offsite: { kind: 'slots', slots: 6 } },
  },
];

const backupOf = (moment: Date): RetentionBackup => ({
  id: `${moment.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-full-0001`,
  problem: '',
  facts: {
    ...{ tiers: ['daily'], startedAt: moment.toISOString(), scheduledFor: moment.toISOString() },
    pinned: false,
  },
});

/** What a night brings: whether the backup is made, the other repository answers, and copies are filled. */
interface Night {
  made: boolean;
  answers: boolean;
  copies: boolean;
}

/** Lengths of their own choice would end after a dozen nights: `size` makes it months. */
const night = fc.record<Night>({
  made: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
  answers: fc.integer({ min: 0, max: 4 }).map((one) => one > 0),
  copies: fc.integer({ min: 0, max: 2 }).map((one) => one > 0),
});

/** @param insists as with --force: after long nights without copies more than half may go */
const simulated = (outcomes: readonly Night[], { insists = false } = {}) => {
  let local: RetentionBackup[] = [];
  let offsite: RetentionBackup[] = [];
  const made: RetentionBackup[] = [];
  const lost: string[] = [];
  const ask = (now: Date, answers: boolean) =>
    retentionAcross(
      [
        { repository: 'local', backups: local },
        { repository: 'offsite', backups: answers ? offsite : null },
      ],
      { tiers, momentOf: MOMENTS, restored: new Set(), held: new Map(), dropTier: null, now },
    );
  const left = (backups: RetentionBackup[], going: ReturnType<typeof ask>[number] | undefined) => {
    if (going?.retention == null || (going.retention.stop !== '' && !insists)) return backups;
    const gone = new Set(
      going.retention.verdicts.flatMap(({ backup, keptBy }) => (keptBy === null ? [backup] : [])),
    );
    return backups.filter(({ id }) => !gone.has(id));
  };
  for (const [index, { made: succeeds, answers, copies }] of outcomes.entries()) {
    const moment = NIGHTS[index];
    if (moment === undefined || !succeeds) continue;
    const backup = backupOf(moment);
    made.push(backup);
    local = [...local, backup];
    const now = new Date(moment.getTime() + 60_000);
    if (answers && copies) {
      const wants = ask(now, true)[1]?.wants;
      const there = new Set(offsite.map(({ id }) => id));
      offsite = [...offsite, ...local.filter(({ id }) => !there.has(id) && wants?.(id))];
    }
    const [own, other] = ask(now, answers);
    local = left(local, own);
    offsite = left(offsite, other);
    const somewhere = new Set(ids([...local, ...offsite]));
    lost.push(...ids(made.slice(-12)).filter((id) => !somewhere.has(id)));
  }
  return { made, local, offsite, lost, ask };
};

const ids = (backups: readonly RetentionBackup[]): string[] => backups.map(({ id }) => id).sort();

it('nothing that a repository is to keep is gone everywhere before it has it', () => {
  fc.assert(
    fc.property(fc.array(night, { minLength: 1, maxLength: 250, size: 'max' }), (outcomes) => {
      const { made, local, lost } = simulated(outcomes);
      expect(lost).toEqual([]);
      expect(ids(local)).toEqual(expect.arrayContaining(ids(made.slice(-5))));
    }),
    { numRuns: 12 },
  );
});

it('a copy that cannot be read is none: nobody removes the good one', () => {
  const made = NIGHTS.slice(0, 8).map(backupOf);
  const [oldest] = made;
  const damaged = made.map((one, index) =>
    index === 0 ? { ...one, facts: null, problem: 'it was found damaged' } : one,
  );
  const [local] = retentionAcross(
    [
      { repository: 'local', backups: made },
      { repository: 'offsite', backups: damaged },
    ],
    {
      ...{ tiers, momentOf: MOMENTS, restored: new Set(), held: new Map(), dropTier: null },
      now: new Date(NIGHTS[8] ?? 0),
    },
  );
  const verdicts = local?.retention?.verdicts ?? [];
  expect(verdicts.filter(({ keptBy }) => keptBy === null)).toHaveLength(2);
  expect(verdicts.find(({ backup }) => backup === oldest?.id)).toMatchObject({
    ...{ keptBy: 'held', reason: 'offsite is to keep it and has no good copy yet' },
  });
});

it('once copies are made again, each holds exactly what its own rule says', () => {
  fc.assert(
    fc.property(fc.array(night, { minLength: 1, maxLength: 200, size: 'max' }), (outcomes) => {
      const fine: Night = { made: true, answers: true, copies: true };
      const { made, local, offsite } = simulated([...outcomes, ...Array<Night>(20).fill(fine)], {
        insists: true,
      });
      expect(ids(local)).toEqual(ids(made.slice(-5)));
      expect(ids(offsite)).toEqual(expect.arrayContaining(ids(made.slice(-12))));
      const day = (id: string) => id.slice(0, 6);
      const monthly = ids(offsite).filter((id) => !ids(made.slice(-12)).includes(id));
      expect(new Set(monthly.map(day)).size).toBe(monthly.length);
    }),
    { numRuns: 12 },
  );
});

it('a copy that is made is not removed again by the same rules', () => {
  fc.assert(
    fc.property(fc.array(night, { minLength: 1, maxLength: 200, size: 'max' }), (outcomes) => {
      const { local, offsite, ask, made } = simulated(outcomes);
      const now = new Date((NIGHTS[outcomes.length] ?? new Date()).getTime());
      const wants = ask(now, true)[1]?.wants;
      const filled = made.filter(
        ({ id }) => [...ids(local), ...ids(offsite)].includes(id) && wants?.(id) === true,
      );
      const [, again] = retentionAcross(
        [
          { repository: 'local', backups: local },
          { repository: 'offsite', backups: filled },
        ],
        {
          ...{ tiers, momentOf: MOMENTS, restored: new Set(), held: new Map(), dropTier: null },
          now,
        },
      );
      expect(again?.retention?.verdicts.filter(({ keptBy }) => keptBy === null)).toEqual([]);
    }),
    { numRuns: 12 },
  );
});
