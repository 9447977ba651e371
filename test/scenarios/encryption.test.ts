// Encrypted backups from outside: made by whoever has the public half, restored by whoever has the secret one.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ageKey, sshKey } from '../support/age-keys.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const cluster = await startCluster({ settings: { max_connections: '50' } });
const scenario = await createScenario(cluster);
const mine = ageKey(scenario.folder, 'mine');
const laptop = sshKey(scenario.folder, 'laptop');
const other = ageKey(scenario.folder, 'other');
const recipients = [mine.recipient, laptop.recipient];
const application = await createApplications(scenario, { encryption: { recipients } });
const edms = await application('edms');
const up = await serve(scenario);

afterEach(() => expectNothingLeft(scenario, edms.trees));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

/** Changes holdfast.yaml. @param key null: none is named */
const identify = async (key: { file: string } | null, settings: object = {}): Promise<void> => {
  const config = parse(await readFile(scenario.config, 'utf8'));
  config.encryption = { recipients, ...(key === null ? {} : { identity: `file:${key.file}` }) };
  Object.assign(config.deployments.edms, settings);
  await writeFile(scenario.config, stringify(config));
};

const refused = async (...args: string[]) => {
  const { exit, stderr } = await holdfast(scenario, ['restore', 'edms', ...args, '--confirm', 'edms']);
  return { exit, stderr };
};

it('a backup that nobody here can read is restored, identical, by either of its keys; undo needs none', async () => {
  await identify(null);
  const backup = await backUp(scenario);
  const names = await readdir(join(scenario.repository, 'edms', backup));
  expect(names.filter((name) => /^(database|files|globals)/.test(name))).toEqual([
    'database.main.dump.zst.age',
    'files.storage.tar.zst.age',
    'globals.sql.zst.age',
  ]);
  const before = await edms.live();
  for (const key of [mine, laptop]) {
    await identify(key);
    await edms.work();
    const worked = await edms.live();
    expect(await restore(scenario, backup)).toMatchObject({ outcome: 'restored' });
    expect(await edms.live()).toEqual(before);
    await identify(null);
    await answerOf(scenario, ['undo', 'edms', '--confirm', 'edms']);
    expect(await edms.live()).toEqual(worked);
  }
}, 180_000);

it('without its key, or with another one, a restore is refused before it fetches or touches anything', async () => {
  await identify(null);
  const backup = await backUp(scenario);
  const before = await edms.live();
  const missing = await refused(backup);
  expect(missing.exit).toBe(1);
  expect(missing.stderr).toMatch(
    /error: \S+ is encrypted to age1.*, and no key is configured here that opens it/,
  );
  expect(missing.stderr).toContain('hint: name the key that decrypts in holdfast.yaml: encryption.identity');
  await identify(other);
  const wrong = await refused(backup);
  expect(wrong.exit).toBe(1);
  expect(wrong.stderr).toMatch(/is encrypted to age1.*, and the key that is here opens none of it/);
  expect(await edms.live()).toEqual(before);
});

it('in place: refused where its safety backup could not be read, and brought back by it elsewhere', async () => {
  await identify(null);
  const backup = await backUp(scenario);
  const inPlace = [backup, '--in-place', '--only', 'database'];
  await identify(other);
  expect((await refused(...inPlace)).stderr).toContain('opens none of it');
  await cluster.query('edms', `insert into documents (title) values ('after the backup')`);
  const worked = await edms.live();
  const ill = { sql: { query: "select count(*) = 1 from documents where title = 'after the backup'" } };
  await identify(mine, { health: { checks: [ill], within: '1s' } });
  const { exit, stderr } = await refused(...inPlace);
  expect(exit).toBe(6);
  expect(stderr).toMatch(/database main is as before again, from the safety backup \S+/);
  expect(await edms.live()).toEqual(worked);
});

it('a backup from before is no way round: where safety backups would be closed, in place needs the key', async () => {
  const config = parse(await readFile(scenario.config, 'utf8'));
  config.encryption = undefined;
  await writeFile(scenario.config, stringify(config));
  const backup = await backUp(scenario);
  await identify(null);
  const { stderr } = await refused(backup, '--in-place', '--only', 'database');
  expect(stderr).toMatch(
    /the safety backup cannot be made: what is encrypted to age1.* cannot be decrypted here/,
  );
  expect(stderr).toContain('--in-place --without-safety-backup');
});

it('verify --decode reads all of it with the key, and says one thing without', async () => {
  await identify(null);
  const backup = await backUp(scenario);
  const verify = ['verify', 'edms', backup, '--decode'];
  const closed = await holdfast(scenario, verify);
  expect(closed.exit).toBe(1);
  expect(closed.stdout + closed.stderr).toMatch(/cannot be decoded here/);
  expect(closed.stdout + closed.stderr).not.toMatch(/damaged/);
  await identify(mine);
  expect((await holdfast(scenario, verify)).exit).toBe(0);
});
