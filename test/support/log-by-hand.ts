// A deployment with a log and without anything else: notes events, and reads what its repositories hold.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import type { LogEvent } from '../../src/domain/log-entry.js';
import { noteEvent } from '../../src/operations/log/log.js';
import { createLogPusher } from '../../src/operations/log/log-push.js';
import { places } from './stored-backup.js';

export const event = (id: string, given: Partial<LogEvent> = {}): LogEvent => ({
  deployment: 'edms',
  kind: 'verify',
  id: id.padStart(10, '0'),
  at: `2026-02-01T10:00:00.${id.slice(-3).padStart(3, '0')}Z`,
  backup: '',
  outcome: 'intact',
  facts: { repository: 'local', decode: false },
  ...given,
});

export const loggedDeployment = async () => {
  const { folder, local, offsite } = await places();
  const file = join(folder, 'holdfast.yaml');
  const configure = (more: object = {}, state = 'state', trust: readonly string[] = []) =>
    writeFile(
      file,
      JSON.stringify({
        state: join(folder, state),
        trust,
        repositories: { local: { local: local.path }, offsite: { local: offsite.path } },
        deployments: { edms: { files: { storage: join(folder, 'storage') }, ...more } },
      }),
      { mode: 0o600 },
    );
  await configure();
  const load = () => loadConfig({ file });
  const names = async (repository = local.path): Promise<string[]> =>
    (await readdir(join(repository, 'edms', 'log')).catch((): string[] => [])).sort();
  return {
    ...{ folder, local, offsite, configure, load, names },
    /** An agent of this state folder, from its start. */
    agent: async (instance = '0123456789abcdef') => {
      const { state } = await load();
      const pushLog = createLogPusher({ state, instance, loadConfig: load });
      const host = (effect: Effect) => ({ state, instance, effect, pushLog });
      return {
        state,
        /** A busy machine may take longer than a step waits for. */
        note: async (noted: LogEvent, effect: Effect = runEffect) => {
          await noteEvent(host(effect), noted);
          if (effect === runEffect) await pushLog('edms', runEffect).catch(() => undefined);
        },
        push: () => pushLog('edms', runEffect),
        outbox: async () => (await readdir(join(state, 'log', 'edms', 'outbox')).catch(() => [])).sort(),
      };
    },
    stored: async (name: string, repository = local.path) =>
      JSON.parse(await readFile(join(repository, 'edms', 'log', name), 'utf8')),
  };
};
