// Applications whose services a story can look into, hold back and break: two that run, and one that somebody had stopped.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { Scenario } from './scenario.js';

const PROGRAM = fileURLToPath(new URL('../fixtures/programs/state-service/state-service', import.meta.url));

const BEFORE = { api: 'running', web: 'running', worker: 'stopped' };
/** As they stand before a restore or a backup, and after every one. */
export const AS_BEFORE: Readonly<Record<string, string>> = BEFORE;
export const ALL_STOPPED = { api: 'stopped', web: 'stopped', worker: 'stopped' };

/** `api.stop`, `hooked.hook`, `web.healthy`. */
type Verb = `${string}.${'stop' | 'start' | 'hook' | 'healthy'}`;

export interface Services {
  /** For the deployment: services in the order api, web, worker, a hook `hooked` and a health check `web`. */
  settings: Record<string, unknown>;
  states(): Promise<Record<string, string>>;
  /** Waits until they are so. */
  become(states: Readonly<Record<string, string>>, withinMs: number): Promise<void>;
  /** How often the hook has run. */
  hooked(): Promise<number>;
  hold(verb: Verb): Promise<void>;
  reached(verb: Verb): Promise<void>;
  letGo(verb: Verb): Promise<void>;
  fail(verb: Verb): Promise<void>;
  mend(verb: Verb): Promise<void>;
}

/** @param duringBackup of web; the others are stopped */
export const createServices = async (
  scenario: Scenario,
  deployment: string,
  duringBackup: 'keep' | 'stop' = 'stop',
): Promise<Services> => {
  const folder = scenario.path(deployment, 'services');
  const file = (name: string) => join(folder, name);
  const run = (verb: string, name: string) => [PROGRAM, verb, folder, name];
  await mkdir(folder, { recursive: true });
  for (const [name, state] of Object.entries(BEFORE)) await writeFile(file(name), `${state}\n`);
  const states = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(BEFORE).map(async (name) => [name, (await readFile(file(name), 'utf8')).trim()]),
      ),
    );
  return {
    settings: {
      services: Object.keys(BEFORE).map((name) => ({
        command: { stop: run('stop', name), start: run('start', name), status: run('status', name) },
        duringBackup: name === 'web' ? duringBackup : 'stop',
      })),
      hooks: { afterRestore: [run('hook', 'hooked')] },
      health: { within: '3s', checks: [{ command: run('healthy', 'web') }] },
    },
    states,
    become: (wanted, timeout) =>
      vi.waitFor(async () => expect(await states()).toEqual(wanted), { timeout, interval: 20 }),
    hooked: async () => (await readFile(file('hooked'), 'utf8').catch(() => '')).split('\n').length - 1,
    hold: (verb) => writeFile(file(`${verb}.held`), ''),
    reached: (verb) =>
      vi.waitFor(() => expect(existsSync(file(`${verb}.reached`))).toBe(true), {
        timeout: 60_000,
        interval: 10,
      }),
    letGo: async (verb) => {
      await rm(file(`${verb}.held`));
      await rm(file(`${verb}.reached`), { force: true });
    },
    fail: (verb) => writeFile(file(`${verb}.fails`), ''),
    mend: (verb) => rm(file(`${verb}.fails`)),
  };
};

/** An application’s storage has the marker without which it is not healthy. */
export const mark = async (scenario: Scenario, deployment: string): Promise<void> =>
  writeFile(scenario.path(deployment, 'storage', 'marker'), 'here');
