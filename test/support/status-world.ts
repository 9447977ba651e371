// A deployment whose page is read: backups of March nights, a log, and an agent that runs where a test wants one.
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createPaint } from '../../src/cli/render/paint.js';
import { statusLines } from '../../src/cli/render/status.js';
import { judged } from '../../src/cli/status/judged.js';
import { loadConfig } from '../../src/config/load.js';
import { runEffect } from '../../src/domain/effect.js';
import type { LogEvent } from '../../src/domain/log-entry.js';
import { lockStateFolder } from '../../src/operations/agent/agent-lock.js';
import { noteEvent } from '../../src/operations/log/log.js';
import { createLogPusher } from '../../src/operations/log/log-push.js';
import { readStatus } from '../../src/operations/status/read-status.js';
import { night, prunedWorld } from './pruned-world.js';

const NOW = new Date('2026-03-20T12:00:00Z');
const CONFIGURED = new Date('2026-03-01T00:00:00Z');

/** @param tiers in holdfast.yaml's words */
export const statusWorld = async (tiers?: string) => {
  const world = await (tiers === undefined ? prunedWorld() : prunedWorld(tiers));
  const { state, instance, file } = world;
  await utimes(file, CONFIGURED, CONFIGURED);
  for (const { path } of [world.local, world.offsite]) await mkdir(path, { recursive: true });
  const load = () => loadConfig({ file });
  const pushLog = createLogPusher({ state, instance, loadConfig: load });
  const read = async (now = NOW) => {
    const config = await load();
    return judged(await readStatus(config, { deployments: ['edms'], now }), config);
  };
  return {
    ...world,
    read,
    /** As it is printed, without what is another one on each host. */
    page: async (now = NOW): Promise<string> =>
      statusLines(await read(now), createPaint(false))
        .join('\n')
        .replaceAll(world.folder, '/srv')
        .replace(/[\d.]+ [kMGTP]?B free/g, '50.0 GB free')
        .replace(/process \d+/, 'process 4711'),
    agentRuns: async () => {
      const lock = await lockStateFolder(state, 'agent');
      onTestFinished(() => lock.release());
    },
    told: async (...events: LogEvent[]) => {
      for (const event of events) await noteEvent({ state, instance, effect: runEffect }, event);
      await pushLog('edms', runEffect);
    },
    /** An artifact of a backup that never got its manifest, of weeks ago. */
    leaveBehind: async (backup: string) => {
      const folder = join(world.local.path, 'edms', backup);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'files.storage.tar.zst'), 'half');
      for (const path of [join(folder, 'files.storage.tar.zst'), folder])
        await utimes(path, CONFIGURED, CONFIGURED);
    },
  };
};

/** Three nights and a fourth one elsewhere, drilled and verified. */
export const wellWorld = async () => {
  const world = await statusWorld();
  await world.claim('local', 'offsite');
  await world.store(world.local, [18, 19, 20]);
  await world.store(world.offsite, [17, 18, 19, 20]);
  await world.told(
    verified('2026-03-14T05:30:00.000Z', 'local', [night(12), night(14)]),
    drilled('2026-03-15T05:00:00.000Z', night(15)),
  );
  return world;
};

export const drilled = (at: string, backup: string, given: Partial<LogEvent> = {}): LogEvent => ({
  ...{ deployment: 'edms', kind: 'drill', id: at.replace(/\D/g, '').slice(4, 14), at, backup },
  ...{ outcome: 'restored', facts: { repository: 'local', recoveryMs: 724_000, rawBytes: 4_100_000_000 } },
  ...given,
});

export const verified = (
  at: string,
  repository: string,
  ids: [oldest: string, newest: string],
): LogEvent => ({
  ...{
    deployment: 'edms',
    kind: 'verify',
    id: `${repository === 'local' ? '1' : '2'}${at.replace(/\D/g, '').slice(4, 13)}`,
  },
  ...{ at, backup: '', outcome: 'intact' },
  facts: { repository, decode: false, copies: 3, bytes: 315, newest: ids[1], oldest: ids[0], repaired: 0 },
});
