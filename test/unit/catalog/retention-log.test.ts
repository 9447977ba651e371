// What retention takes from the log: what was restored, what is damaged, what is pinned; and from nobody who is not trusted.
import { expect, it } from 'vitest';
import type { ReadEntry } from '../../../src/catalog/log.js';
import { pinsOf } from '../../../src/catalog/pins.js';
import { damagedIn, restoredBackups } from '../../../src/catalog/proof.js';

const A = '20260311T010000Z-full-0001';
const B = '20260312T010000Z-full-0001';

let minute = 0;
const entry = (given: Partial<ReadEntry>): ReadEntry => ({
  ...{ version: 1, deployment: 'edms', kind: 'drill', id: '0123456789', backup: A, outcome: 'restored' },
  ...{ at: new Date(Date.UTC(2026, 2, 13, 0, minute++)).toISOString(), facts: {}, previous: null },
  ...{ instance: 'i', holdfastVersion: '0.1.0', name: 'n', repositories: [] },
  signer: { kind: 'this host', key: 'k' },
  ...given,
});
/** As the log gives them. */
const newestFirst = (...entries: ReadEntry[]) => ({ entries: entries.toReversed() });
const STRANGER = { kind: 'unknown', key: 'x' } as const;

it('restored is what a drill or a restore of all of it says, and somebody who is trusted has signed', () => {
  const log = newestFirst(
    entry({ backup: A, kind: 'restore' }),
    entry({ backup: B, signer: STRANGER }),
    entry({ backup: B, outcome: 'failed' }),
    entry({ backup: B, facts: { only: ['files'] } }),
  );
  expect(restoredBackups(log)).toEqual(new Set([A]));
});

it('damaged is what the last verification of the same repository found', () => {
  const verified = (repository: string, damaged: string[], given: Partial<ReadEntry> = {}) =>
    entry({ kind: 'verify', backup: '', facts: { repository, damaged, oldest: A, newest: B }, ...given });
  const found = newestFirst(verified('local', [A]), verified('offsite', []), verified('offsite', [B]));
  expect([...damagedIn(found, 'local').keys()]).toEqual([A]);
  expect([...damagedIn(found, 'offsite').keys()]).toEqual([B]);
  const mended = newestFirst(verified('local', [A, B]), verified('local', [B]));
  expect([...damagedIn(mended, 'local').keys()]).toEqual([B]);
  expect(damagedIn(newestFirst(verified('local', [A], { signer: STRANGER })), 'local').size).toBe(0);
});

it('the last one of pins and unpins counts, what is not signed yet among them', () => {
  const pin = (outcome: string, given: Partial<ReadEntry> = {}) => entry({ kind: 'pin', outcome, ...given });
  const log = newestFirst(pin('pinned'), pin('unpinned', { signer: STRANGER }), pin('pinned', { backup: B }));
  const noted = [pin('unpinned', { backup: B })];
  expect([...pinsOf(log, [])]).toEqual([
    [A, true],
    [B, true],
  ]);
  expect(pinsOf(log, noted).get(B)).toBe(false);
});
