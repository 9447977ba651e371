// Moments to kill at: an application in the middle of a dump, a second one in the middle of staging, and a third one in the
// middle of its swap, all of them waiting there at the same time.
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { readServerRecord } from '../../src/temporal/server-record.js';
import type { Scenario } from './scenario.js';
import type { Application } from './scenario-application.js';
import { type Command, type Serving, startCommand } from './scenario-commands.js';
import { behave, putGate } from './scenario-programs.js';

export interface InTheMiddle {
  dumping: Command;
  staging: Command;
  swapping: Command;
  /** Nothing is held back any more. */
  goOn(): Promise<void>;
}

/** Starts all three, and returns when each of them is where it is wanted. */
export const inTheMiddle = async (
  scenario: Scenario,
  { dump, stage, swap }: { dump: Application; stage: Application; swap: Application },
): Promise<InTheMiddle> => {
  const start = (...args: string[]) => startCommand(scenario, args);
  const held = await holdSwap(scenario, swap);
  const swapping = start('restore', swap.deployment, '--confirm', swap.deployment);
  await held.reached();
  const gates = [
    await putGate(scenario, 'pg_dump', { argument: '--format=custom', waits: 'output' }),
    await putGate(scenario, 'pg_restore', { argument: '--exit-on-error', waits: 'input' }),
  ];
  const dumping = start('backup', dump.deployment, '--json');
  const staging = start('restore', stage.deployment, '--confirm', stage.deployment);
  for (const gate of gates) await gate.reached();
  return {
    dumping,
    staging,
    swapping,
    goOn: async () => {
      for (const gate of gates) await gate.open();
      await held.letGo();
      await behave(scenario);
    },
  };
};

/** Takes the lock that the last step of the swap needs: the folders are live already, the databases not yet. */
const holdSwap = async ({ cluster, state }: Scenario, { deployment, trees }: Application) => {
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`holdfast:${deployment}`]);
  const [tree = ''] = trees;
  const moved = () => existsSync(tree) && readdirSync(dirname(tree)).some((name) => /-previous$/.test(name));
  return {
    reached: () =>
      vi.waitFor(
        async () => {
          const record = await readFile(join(state, 'operations', `${deployment}.json`), 'utf8');
          expect(JSON.parse(record).swap).not.toBeNull();
          expect(moved()).toBe(true);
        },
        { timeout: 60_000, interval: 5 },
      ),
    letGo: () => client.end(),
  };
};

/** As the state folder names them now: each restart has another process. */
export const agentPid = async ({ state }: Scenario): Promise<number> =>
  JSON.parse(await readFile(join(state, 'agent.json'), 'utf8')).pid;

export const serverPid = async ({ state }: Scenario): Promise<number> =>
  (await readServerRecord(state))?.pid ?? 0;

export const killNine = (...pids: number[]): void => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
};

/** Supervisor, agent and Temporal server at once. */
export const killAllServing = async (scenario: Scenario, up: Serving): Promise<void> => {
  killNine(up.pid, await agentPid(scenario), await serverPid(scenario));
  await up.ended;
};

/** What Temporal knew is gone. Only while no server runs. */
export const loseTemporalDatabase = async ({ path }: Scenario): Promise<void> => {
  const folder = path('state', 'temporal');
  for (const name of await readdir(folder)) if (name.startsWith('temporal.db')) await rm(join(folder, name));
};
