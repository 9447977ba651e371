// A bucket as the only place of a backup: made, listed, and restored from there.
import { afterAll, afterEach, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { SERVER_KINDS } from '../support/s3-server-kinds.js';
import { everythingIn, startS3Server } from '../support/s3-servers.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { backUp, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const server = await startS3Server(SERVER_KINDS.at(-1) ?? 'versitygw');
const cluster = await startCluster();
const created = await createScenario(cluster);
const settings = server.settings();
const { bucket, prefix, endpoint, accessKeyId, secretAccessKey } = settings;
const scenario: typeof created = {
  ...created,
  configure: (deployments, more) =>
    created.configure(deployments, {
      ...more,
      repositories: { offsite: { s3: { bucket, prefix, endpoint, accessKeyId, secretAccessKey } } },
    }),
};
const application = await createApplications(scenario);
const plain = await application('plain');
const up = await serve(scenario);

afterEach(() => expectNothingLeft(scenario, plain.trees));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
  await server.stop();
});

it('a backup in a bucket alone puts a live system back as it was', async () => {
  const backup = await backUp(scenario, 'plain');
  const stored = await backupsIn();
  expect(stored).toContain(`plain/${backup}/manifest.json`);
  const before = await plain.live();
  await plain.work();
  expect(await plain.live()).not.toEqual(before);
  const answer = await restore(scenario, backup, 'plain');
  expect(answer).toMatchObject({ deployment: 'plain', backup, outcome: 'restored' });
  expect(await plain.live()).toEqual(before);
  expect(await backupsIn()).toEqual(stored);
});

/** A restore adds to the log, and to nothing else. */
const backupsIn = async (): Promise<string[]> =>
  (await everythingIn(server, settings)).filter((key) => !key.startsWith('plain/log/'));
