// What is kept and why, case by case. Histories of years are in retention-years.test.ts.
import { describe, expect, it } from 'vitest';
import { retained, tier } from './retention-support.js';

const DAY = 86_400_000;
const at = (day: number, time = '01:00:00') => `2026-03-${String(day).padStart(2, '0')}T${time}.000Z`;
const id = (day: number, mark: string, type = 'full') =>
  `202603${String(day).padStart(2, '0')}T010000Z-${type}-${mark}`;
const scheduled = (day: number, mark = '0001') => ({
  ...{ id: id(day, mark), tiers: ['daily'], startedAt: at(day, '01:00:05'), scheduledFor: at(day) },
});
const byHand = (
  day: number,
  given: { tiers?: string[]; mark?: string; time?: string; type?: string } = {},
) => ({
  id: id(day, given.mark ?? '0002', given.type),
  ...{ tiers: given.tiers ?? ['daily'], startedAt: at(day, given.time ?? '09:00:00'), scheduledFor: null },
});
const DAILY = tier('daily', { schedule: '0 2 * * *', keep: { kind: 'slots', slots: 3 } });
const MANUAL = tier('manual', { keep: { kind: 'for', ms: 30 * DAY } });
const SAFETY = tier('safety', { keep: { kind: 'for', ms: 7 * DAY } });
const now = new Date(at(20, '12:00:00'));

describe('tiers', () => {
  it('a tier keeps as many moments as it says, the newest ones', () => {
    const { kept } = retained({ backups: [1, 2, 3, 4, 5].map((day) => scheduled(day)), tiers: [DAILY], now });
    expect(kept()).toEqual([5, 4, 3].map((day) => id(day, '0001')));
  });

  it('of one moment the scheduled backup stands, however many were made by hand after it', () => {
    const others = ['0002', '0003', '0004'].map((mark) => byHand(5, { mark }));
    const backups = [...[1, 2, 3, 4, 5].map((day) => scheduled(day)), ...others];
    const { kept, reasonOf } = retained({ backups, tiers: [DAILY], now });
    // The last one is the newest of all.
    expect(kept()).toEqual([id(5, '0004'), id(5, '0001'), id(4, '0001'), id(3, '0001')]);
    expect(reasonOf(id(5, '0002'))).toBe(`daily has ${id(5, '0001')} of the same moment`);
    expect(reasonOf(id(2, '0001'))).toBe('daily keeps 3 moments, all of them newer');
  });

  it('what was made by hand stands for a moment whose own run failed', () => {
    const backups = [scheduled(3), scheduled(4), byHand(5), byHand(5, { mark: '0003' }), scheduled(6)];
    expect(retained({ backups, tiers: [DAILY], now }).kept()).toEqual([
      id(6, '0001'),
      id(5, '0003'),
      id(4, '0001'),
    ]);
  });

  it('a backup by hand before the night’s moment belongs to the moment before', () => {
    const backups = [scheduled(3), scheduled(4), byHand(5, { time: '00:59:59' }), scheduled(6)];
    expect(retained({ backups, tiers: [DAILY], now }).reasonOf(id(5, '0002'))).toBe(
      `daily has ${id(4, '0001')} of the same moment`,
    );
  });

  it('a backup by hand belongs to a moment that was scheduled before it, whatever the schedule is now', () => {
    const later = tier('daily', { schedule: '0 4 * * *', keep: { kind: 'slots', slots: 3 } });
    const backups = [scheduled(3), scheduled(4), byHand(5, { time: '01:30:00' }), scheduled(5), scheduled(6)];
    expect(retained({ backups, tiers: [later], now }).reasonOf(id(5, '0002'))).toBe(
      `daily has ${id(5, '0001')} of the same moment`,
    );
  });

  it('a tier with from keeps the first backup of each of its own moments, without any of its own', () => {
    const monthly = tier('monthly', {
      schedule: '0 4 1 * *',
      from: 'daily',
      keep: { kind: 'slots', slots: 2 },
    });
    const february = {
      ...{ id: '20260211T010000Z-full-0001', tiers: ['daily'] },
      ...{ startedAt: '2026-02-11T01:00:04Z', scheduledFor: '2026-02-11T01:00:00Z' },
    };
    const backups = [february, ...[1, 2, 3, 8, 9, 10, 11].map((day) => scheduled(day))];
    const { kept, reasonOf } = retained({ backups, tiers: [DAILY, monthly], now });
    expect(kept()).toEqual([...[11, 10, 9, 1].map((day) => id(day, '0001')), february.id]);
    expect(reasonOf(id(1, '0001'))).toBe('monthly keeps 2 moments, and this is number 1');
    expect(reasonOf(id(2, '0001'))).toBe('daily keeps 3 moments, all of them newer');
  });

  it('manual and safety backups go by their age, and displace nothing', () => {
    const manual = byHand(1, { tiers: ['manual'] });
    const safety = byHand(3, { tiers: ['safety'] });
    const backups = [manual, safety, ...[2, 3, 4].map((day) => scheduled(day))];
    const tiers = [DAILY, MANUAL, SAFETY];
    expect(retained({ backups, tiers, now }).gone()).toEqual([safety.id]);
    const later = new Date('2026-04-20T00:00:00Z');
    expect(retained({ backups, tiers, now: later }).gone()).toEqual([safety.id, manual.id]);
    expect(retained({ backups, tiers, now: later }).reasonOf(manual.id)).toBe(
      'manual keeps it for 30 days, and they are over',
    );
  });

  it('rules are the repository’s own', () => {
    const mixed = {
      ...DAILY,
      keep: { local: { kind: 'slots', slots: 1 }, offsite: { kind: 'all' } },
    } as const;
    const backups = [1, 2, 3].map((day) => scheduled(day));
    expect(retained({ backups, tiers: [mixed], now }).kept()).toEqual([id(3, '0001')]);
    expect(retained({ backups, tiers: [mixed], now, repository: 'offsite' }).gone()).toEqual([]);
  });

  it('without tiers nothing is removed', () => {
    const backups = [byHand(1, { tiers: ['manual'] }), scheduled(2)];
    expect(retained({ backups, tiers: [], now }).gone()).toEqual([]);
  });
});

describe('never removed', () => {
  const many = [1, 2, 3, 4, 5, 6].map((day) => scheduled(day));

  it('the newest full backup, when only dumps of the database came after it', () => {
    const dumps = [7, 8, 9].map((day) => ({ ...scheduled(day), id: id(day, '0001', 'database') }));
    const { reasonOf } = retained({ backups: [...many, ...dumps], tiers: [DAILY], now });
    expect(reasonOf(id(6, '0001'))).toBe('it is the newest backup of its kind that can be read');
  });

  it('the newest dump that no restore made, whatever restores in place have made since', () => {
    const [own, safety] = [
      byHand(1, { type: 'database' }),
      byHand(7, { tiers: ['safety'], type: 'database' }),
    ];
    const backups = [...many, own, safety];
    const { gone, reasonOf } = retained({ backups, tiers: [DAILY, SAFETY], now });
    expect(gone()).not.toContain(own.id);
    expect(reasonOf(own.id)).toBe('it is the newest backup of its kind that can be read');
  });

  it('the newest one that was restored, and no older one', () => {
    const restored = new Set([id(1, '0001'), id(2, '0001')]);
    const { gone, reasonOf } = retained({ backups: many, tiers: [DAILY], now, restored });
    expect(gone()).toEqual([id(3, '0001'), id(1, '0001')]);
    expect(reasonOf(id(2, '0001'))).toBe('it is the newest backup that is known to restore');
  });

  it('what cannot be read; and it stands for no moment', () => {
    const broken = { id: id(6, '0001'), problem: 'it is not JSON' };
    const { kept, reasonOf } = retained({ backups: [...many.slice(0, 5), broken], tiers: [DAILY], now });
    expect(kept()).toEqual([6, 5, 4, 3].map((day) => id(day, '0001')));
    expect(reasonOf(broken.id)).toBe('it is not JSON');
  });

  it('what is pinned, and what is held', () => {
    const backups = [{ ...scheduled(1), pinned: true }, ...many.slice(1)];
    const held = new Map([[id(2, '0001'), 'a restore reads it']]);
    const { gone, reasonOf } = retained({ backups, tiers: [DAILY], now, held });
    expect(gone()).toEqual([id(3, '0001')]);
    expect(reasonOf(id(2, '0001'))).toBe('a restore reads it');
  });

  it('those of a tier that is no longer configured, until it is dropped by its name', () => {
    const backups = [1, 2].map((day) => ({ ...scheduled(day), tiers: ['hourly'] })).concat(many.slice(3));
    const { gone, reasonOf } = retained({ backups, tiers: [DAILY], now });
    expect(gone()).toEqual([]);
    expect(reasonOf(id(1, '0001'))).toContain('its tier hourly is no longer configured');
    const dropped = retained({ backups, tiers: [DAILY], now, dropTier: 'hourly' });
    expect(dropped.gone()).toEqual([id(2, '0001'), id(1, '0001')]);
  });
});

describe('it stops', () => {
  it('when more than half of what can be read would go', () => {
    const half = retained({ backups: [1, 2, 3, 4, 5, 6].map((day) => scheduled(day)), tiers: [DAILY], now });
    expect(half.stop).toBe('');
    const more = retained({
      backups: [1, 2, 3, 4, 5, 6, 7].map((day) => scheduled(day)),
      ...{ tiers: [DAILY], now },
    });
    expect(more.stop).toBe('4 of 7 backups would go, more than half of them');
  });

  it('when the clock is before the newest backup', () => {
    const backups = [1, 2, 3, 4].map((day) => scheduled(day));
    expect(retained({ backups, tiers: [DAILY], now: new Date(at(4, '00:00:00')) }).stop).toBe(
      'the clock says 2026-03-04T00:00:00.000Z, but a backup began at 2026-03-04T01:00:05.000Z',
    );
  });
});
