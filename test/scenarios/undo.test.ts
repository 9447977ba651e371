// What a restore replaced comes back, from outside.
import { afterAll, afterEach, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { type Application, createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import type { Live } from '../support/scenario-live.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
await application('edms');
const up = await serve(scenario);
const trees: string[] = [];

afterEach(() => expectNothingLeft(scenario, trees));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

/** Backed up, worked on, restored. */
const restored = async (name: string): Promise<Application & { backup: string; old: Live; worked: Live }> => {
  const app = await application(name);
  trees.push(...app.trees);
  const old = await app.live();
  const backup = await backUp(scenario, name);
  await app.work();
  const worked = await app.live();
  await restore(scenario, backup, name);
  expect(await app.live()).toEqual(old);
  return { ...app, backup, old, worked };
};

const undo = (name: string) => answerOf(scenario, ['undo', name, '--confirm', name]);

it('an undo brings back what the restore replaced, and an undo of the undo takes it away again', async () => {
  const app = await restored('twice');
  expect(await undo('twice')).toMatchObject({ backup: app.backup, outcome: 'restored', databases: ['main'] });
  expect(await app.live()).toEqual(app.worked);
  await undo('twice');
  expect(await app.live()).toEqual(app.old);
});

it('a second restore keeps what it replaced beside what the first one did, and undo goes back one step', async () => {
  const app = await restored('again');
  await app.work();
  const workedAgain = await app.live();
  await restore(scenario, app.backup, 'again');
  expect(await app.live()).toEqual(app.old);
  const sides = `select count(*)::int as n from pg_database where datname like 'holdfast%' and shobj_description(oid, 'pg_database') like '%:previous'`;
  await undo('again');
  expect(await app.live()).toEqual(workedAgain);
  expect((await cluster.query('postgres', sides))[0]?.n).toBeGreaterThanOrEqual(2);
});

it('where no restore replaced anything there is nothing to undo', async () => {
  const app = await application('fresh');
  const before = await app.live();
  const { exit, stderr } = await holdfast(scenario, ['undo', 'fresh', '--confirm', 'fresh']);
  expect(exit).toBe(3);
  expect(stderr).toContain('error: no restore of fresh has replaced anything that is still kept\n');
  expect(stderr).toContain('hint: holdfast list shows the backups that can be restored instead\n');
  expect(await app.live()).toEqual(before);
});
