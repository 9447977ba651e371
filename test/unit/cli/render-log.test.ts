import { expect, it } from 'vitest';
import type { ReadEntry } from '../../../src/catalog/log.js';
import { logLine } from '../../../src/cli/render/log.js';

const entry: ReadEntry = {
  ...{ version: 1, deployment: 'edms', kind: 'verify', id: '0123456789', at: '2026-02-01T10:00:00.123Z' },
  ...{ backup: '', outcome: 'intact', instance: 'a', holdfastVersion: '1', previous: null, name: 'name' },
  facts: { repository: 'local', decode: true, bytes: 5_000_000 },
  signer: { kind: 'this host', key: 'ed25519:key' },
  repositories: ['local'],
};

it('an entry is one line: when, what, what came of it, and the facts', () => {
  expect(logLine(entry)).toBe(
    '2026-02-01 10:00:00 UTC  verify  intact  repository=local  decode=true  bytes=5000000',
  );
  expect(logLine({ ...entry, backup: '20260111T224748Z-full-3f9a', facts: {} })).toBe(
    '2026-02-01 10:00:00 UTC  verify  intact  20260111T224748Z-full-3f9a',
  );
});

it('it says who signed it where that is nobody who is trusted', () => {
  expect(logLine({ ...entry, facts: {}, signer: { kind: 'unknown', key: 'ed25519:other' } })).toContain(
    'intact  signed by ed25519:other, which is not trusted here',
  );
});

it('whatever stands in it, it stays one line, and facts are told apart', () => {
  const facts = { by: 'a  confirm=b', problem: 'one\n\u001b[2Jtwo', tiers: ['daily', 'weekly'], empty: '' };
  expect(logLine({ ...entry, outcome: 'in\ntact', facts })).toBe(
    '2026-02-01 10:00:00 UTC  verify  in?tact  by="a  confirm=b"  problem="one\\n\\u001b[2Jtwo"  tiers=daily,weekly  empty=""',
  );
});
