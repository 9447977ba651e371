// The fixture's systemctl stands for a host with systemd: exit codes, properties and words are the real one's.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import type { ServiceSettings } from '../../src/config/service-settings.js';
import { runEffect } from '../../src/domain/effect.js';
import { putBackAll, stopAll, type UnitState, unitsOf } from '../../src/services/service.js';
import { serviceSuite } from './service-suite.js';

const SYSTEMCTL = fileURLToPath(new URL('../fixtures/programs/systemctl/systemctl', import.meta.url));

afterEach(() => vi.unstubAllEnvs());

const FILES: Record<UnitState, [active: string, sub: string, freezer: string]> = {
  running: ['active', 'running', 'running'],
  paused: ['active', 'running', 'frozen'],
  stopped: ['inactive', 'dead', 'running'],
};

const settingsOf = (unit: string): ServiceSettings => ({ kind: 'systemd', unit, duringBackup: 'keep' });

/** A host with one unit, web.service. */
const createHost = async () => {
  const bin = await mkdtemp(join(tmpdir(), 'holdfast-systemctl-'));
  const folder = join(bin, 'units', 'web.service');
  await mkdir(folder, { recursive: true });
  await copyFile(SYSTEMCTL, join(bin, 'systemctl'));
  vi.stubEnv('PATH', [bin, process.env.PATH ?? ''].join(delimiter));
  const set = (file: string, value: string) => writeFile(join(folder, file), `${value}\n`);
  const get = async (file: string) => (await readFile(join(folder, file), 'utf8')).trim();
  const bring = async (state: UnitState) => {
    const [active, sub, freezer] = FILES[state];
    await Promise.all([set('active', active), set('sub', sub), set('freezer', freezer)]);
  };
  await bring('running');
  return { bin, set, get, bring, remove: () => rm(bin, { recursive: true, force: true }) };
};

serviceSuite('systemd', { states: ['running', 'paused', 'stopped'] }, async () => {
  const host = await createHost();
  return {
    settings: settingsOf('web.service'),
    unknown: settingsOf('wep.service'),
    bring: host.bring,
    state: async () => {
      if ((await host.get('freezer')) === 'frozen') return 'paused';
      return (await host.get('active')) === 'active' ? 'running' : 'stopped';
    },
    breakIt: async () => {
      await host.set('breaks', '');
      return 'the control process exited with error code';
    },
    remove: host.remove,
  };
});

it('a unit that ends as soon as it runs has not come up, and its log is the evidence', async () => {
  const host = await createHost();
  try {
    const units = await unitsOf([settingsOf('web.service')]);
    await stopAll(units, runEffect);
    await host.set('dies', '');
    await host.set('log', 'web[12]: no such port');
    await expect(putBackAll(units, runEffect)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: 'systemd web.service was started and ended at once',
      evidence: expect.stringContaining('no such port'),
    });
  } finally {
    await host.remove();
  }
});

it('a unit that kept ending before is put back to that', async () => {
  const host = await createHost();
  try {
    await host.set('active', 'activating');
    await host.set('sub', 'auto-restart');
    await host.set('dies', '');
    const units = await unitsOf([settingsOf('web.service')]);
    await stopAll(units, runEffect);
    expect(await host.get('active')).toBe('inactive');
    await putBackAll(units, runEffect);
    expect(await host.get('sub')).toBe('auto-restart');
  } finally {
    await host.remove();
  }
});

it('a unit that systemd cannot freeze is refused where it should be paused', async () => {
  const host = await createHost();
  try {
    await host.set('can-freeze', 'no');
    await expect(
      unitsOf([{ kind: 'systemd', unit: 'web.service', duringBackup: 'pause' }]),
    ).rejects.toMatchObject({ code: 'SERVICE_FAILED', hint: 'set its duringBackup to stop or keep' });
  } finally {
    await host.remove();
  }
});

it('a masked unit is refused', async () => {
  const host = await createHost();
  try {
    await host.set('load', 'masked');
    await expect(unitsOf([settingsOf('web.service')])).rejects.toMatchObject({
      code: 'UNKNOWN_SERVICE',
      message: 'systemd has not loaded web.service: masked',
    });
  } finally {
    await host.remove();
  }
});
