import { describe, expect, it } from 'vitest';
import type { ReadEntry } from '../../../src/catalog/log.js';
import { proofOf } from '../../../src/catalog/proof.js';

const OLD = '20260101T000000Z-full-0001';
const NEW = '20260201T000000Z-full-0002';

const entry = (kind: ReadEntry['kind'], given: Partial<ReadEntry> = {}): ReadEntry => ({
  ...{ version: 1, deployment: 'edms', kind, id: '0123456789', at: '2026-03-01T00:00:00.000Z', backup: '' },
  ...{ outcome: 'intact', facts: {}, instance: 'a', holdfastVersion: '1', previous: null, name: 'name' },
  ...{ signer: { kind: 'this host', key: 'k' }, repositories: ['local'] },
  ...given,
});
const verify = (facts: ReadEntry['facts'], given: Partial<ReadEntry> = {}) =>
  entry('verify', {
    facts: { repository: 'local', decode: false, newest: NEW, oldest: OLD, ...facts },
    ...given,
  });
/** @param entries newest first */
const how = (entries: ReadEntry[], backup = NEW) => proofOf({ entries }, backup).how;

describe('a backup is proved', () => {
  it('by nothing that nobody noted', () => {
    expect(how([entry('backup', { backup: NEW, outcome: 'made' })])).toBe('none');
  });

  it.each([
    ['drill', 'restored', {}, 'restored'],
    ['restore', 'restored', {}, 'restored'],
    ['restore', 'rolled back', {}, 'none'],
    ['restore', 'undone', {}, 'none'],
    ['drill', 'failed', {}, 'none'],
    ['restore', 'restored', { only: ['files'] }, 'none'],
  ] as const)('by a %s that ended as %s %j: %s', (kind, outcome, facts, expected) => {
    expect(how([entry(kind, { backup: NEW, outcome, facts: { ...facts } as ReadEntry['facts'] })])).toBe(
      expected,
    );
    expect(how([entry(kind, { backup: OLD, outcome, facts: { ...facts } as ReadEntry['facts'] })])).toBe(
      'none',
    );
  });

  it('by the best proof, whatever came later, and the newest of that kind', () => {
    const entries = [
      verify({}, { at: '2026-03-04T00:00:00.000Z' }),
      verify({ decode: true }, { at: '2026-03-03T00:00:00.000Z' }),
      verify({ decode: true }, { at: '2026-03-02T00:00:00.000Z' }),
    ];
    expect(proofOf({ entries }, NEW)).toEqual({
      how: 'decoded',
      at: '2026-03-03T00:00:00.000Z',
      by: 'verify',
    });
    const drilled = entry('drill', { backup: NEW, outcome: 'restored', at: '2026-03-01T00:00:00.000Z' });
    expect(proofOf({ entries: [...entries, drilled] }, NEW)).toMatchObject({ how: 'restored', by: 'drill' });
  });

  it('by a verification only when it was read then', () => {
    expect(how([verify({ newest: OLD, oldest: OLD })])).toBe('none');
    expect(how([verify({ newest: OLD, oldest: OLD })], OLD)).toBe('intact');
  });

  it('not where it was found damaged since, but by a copy that was not', () => {
    const damaged = verify({ damaged: [NEW] }, { outcome: 'damaged' });
    expect(how([damaged, verify({ decode: true })])).toBe('none');
    expect(how([damaged, verify({ decode: true })], OLD)).toBe('decoded');
    expect(how([damaged, verify({ decode: true }), verify({ repository: 'offsite' })])).toBe('intact');
    expect(how([verify({}), damaged])).toBe('intact');
    expect(how([verify({ damaged: [OLD], omitted: 3 }, { outcome: 'damaged' })])).toBe('none');
  });

  it('by nothing that a stranger has signed', () => {
    const signer = { kind: 'unknown' as const, key: 'x' };
    expect(how([entry('drill', { backup: NEW, outcome: 'restored', signer })])).toBe('none');
  });
});
