import { afterEach, expect, test, vi } from 'vitest';
import { defaultStateFolder } from '../../../src/config/state-folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('root keeps state where the system keeps it', () => {
  vi.stubEnv('XDG_STATE_HOME', '/home/x/.state');
  expect(defaultStateFolder(0)).toBe('/var/lib/holdfast');
});

test('everybody else keeps it at home', () => {
  vi.stubEnv('HOME', '/home/x');
  vi.stubEnv('XDG_STATE_HOME', '/home/x/.state');
  expect(defaultStateFolder(1000)).toBe('/home/x/.state/holdfast');
  vi.stubEnv('XDG_STATE_HOME', 'relative');
  expect(defaultStateFolder(1000)).toBe('/home/x/.local/state/holdfast');
});

test('a user without a home has none', () => {
  vi.stubEnv('XDG_STATE_HOME', '');
  vi.stubEnv('HOME', 'nowhere');
  expect(defaultStateFolder(1000)).toBeNull();
});
