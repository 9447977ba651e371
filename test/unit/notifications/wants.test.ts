import { expect, test } from 'vitest';
import { wants } from '../../../src/notifications/wants.js';

const settings = { kind: 'ping', on: ['started', 'succeeded', 'failed'], deployments: ['edms'] } as const;
const event = { kind: 'succeeded', what: 'backup', deployment: 'edms' } as const;

test('a ping is a sign of life of backups, and bad news of everything', () => {
  expect(wants(settings, event)).toBe(true);
  expect(wants(settings, { ...event, what: 'verify' })).toBe(false);
  expect(wants(settings, { ...event, what: 'verify', kind: 'failed' })).toBe(true);
  expect(wants({ ...settings, kind: 'email' }, { ...event, what: 'verify' })).toBe(true);
});

test('a notifier hears of its own events and deployments, and of what is about none of them', () => {
  expect(wants(settings, { ...event, kind: 'late' })).toBe(false);
  expect(wants(settings, { ...event, deployment: 'wiki' })).toBe(false);
  expect(wants(settings, { ...event, deployment: '', kind: 'failed' })).toBe(true);
});
