// One backup in four kinds of places, from outside: proved in each, damaged in each, mended in each, restored from each.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { VerifyResult } from '../../src/domain/copies.js';
import { resticSnapshots } from '../../src/tools/restic-output.js';
import { startCluster } from '../support/postgres-cluster.js';
import { startS3Server } from '../support/s3-servers.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const server = await startS3Server('versitygw');
const cluster = await startCluster();
const scenario = await createScenario(cluster);
const password = scenario.path('vault-password');
await writeFile(password, 'a password\n', { mode: 0o600 });
await mkdir(scenario.path('remote'));
process.env.RCLONE_CONFIG = scenario.path('rclone.conf');
await writeFile(process.env.RCLONE_CONFIG, '[disk]\ntype = local\n', { mode: 0o600 });
const settings = server.settings();
const { bucket, prefix, endpoint, accessKeyId, secretAccessKey } = settings;
const application = await createApplications(scenario, {
  repositories: {
    local: { local: scenario.repository },
    bucket: { s3: { bucket, prefix, endpoint, accessKeyId, secretAccessKey } },
    remote: { rclone: `disk:${scenario.path('remote')}` },
    vault: { restic: scenario.path('vault'), password: `file:${password}` },
  },
});
const COPIES = ['bucket', 'remote', 'vault'];
const app = await application('edms', { settings: { repositories: ['local', ...COPIES] } });
const up = await serve(scenario);

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
  await server.stop();
});

const DUMP = 'database.main.dump.zst';
const ARCHIVE = 'files.storage.tar.zst';

const verify = (...args: string[]) => holdfast(scenario, ['verify', 'edms', ...args, '--json']);
const linesOf = ({ stdout }: { stdout: string }): string[] => (JSON.parse(stdout) as VerifyResult).lines;

const copied = (backup: string) =>
  vi.waitFor(
    async () => {
      const found = await answerOf<{ backup: string; repositories: string[] }[]>(scenario, ['list', 'edms']);
      const { repositories } = found.find((one) => one.backup === backup) ?? {};
      expect(repositories).toEqual(['local', ...COPIES]);
    },
    { timeout: 120_000, interval: 500 },
  );

/** Past holdfast: other bytes of the same length, or, where those are not to be found by name, nothing any more. */
const damage: Record<string, (backup: string) => Promise<void>> = {
  bucket: async (backup) => {
    const Key = `${prefix}/edms/${backup}/${DUMP}`;
    const { ContentLength = 0 } = await server.s3.headObject({ Bucket: bucket, Key });
    await server.s3.putObject({ Bucket: bucket, Key, Body: Buffer.alloc(ContentLength, 'x') });
  },
  remote: async (backup) => {
    const file = scenario.path('remote', 'edms', backup, ARCHIVE);
    await chmod(file, 0o600);
    await writeFile(file, 'x'.repeat((await stat(file)).size));
  },
  vault: async (backup) => {
    const found = resticSnapshots(restic('snapshots', '--json')).filter(({ tags }) =>
      tags.includes(`key=edms/${backup}/${DUMP}`),
    );
    expect(found.length).toBeGreaterThan(0);
    restic('forget', ...found.map(({ id }) => id));
  },
};

const restic = (...args: string[]): string =>
  execFileSync('restic', ['--no-cache', '--repo', scenario.path('vault'), ...args], {
    env: { ...process.env, RESTIC_PASSWORD: 'a password' },
    encoding: 'utf8',
  });

it('a backup and its copies are sound in every kind of repository, down to the rows and the files', async () => {
  const backup = await backUp(scenario);
  await copied(backup);
  for (const repository of ['local', ...COPIES]) {
    const { exit, stdout } = await verify(backup, '--decode', '--repository', repository);
    expect({ exit, lines: linesOf({ stdout }) }).toEqual({ exit: 0, lines: [] });
  }
}, 300_000);

it('what is damaged in each of them is found, mended from a good copy, and found sound', async () => {
  const backup = await backUp(scenario);
  await copied(backup);
  for (const repository of COPIES) await damage[repository]?.(backup);
  const found = await verify(backup);
  expect(found.exit).toBe(1);
  expect(linesOf(found)).toEqual([
    `${backup} in bucket: ${DUMP} is damaged: its SHA-256 is another one`,
    `${backup} in remote: ${ARCHIVE} is damaged: its SHA-256 is another one`,
    `${backup} in vault: ${DUMP} is missing`,
  ]);
  expect(await answerOf(scenario, ['verify', 'edms', backup, '--repair'])).toMatchObject({
    ...{ ok: true, problems: 0, repaired: 3 },
  });
  expect((await verify(backup, '--decode')).exit).toBe(0);
}, 300_000);

it('a live system is put back as it was from each of them', async () => {
  const before = await app.live();
  const backup = await backUp(scenario);
  await copied(backup);
  await rm(join(scenario.repository, 'edms', backup, DUMP));
  for (const repository of COPIES) {
    await app.work();
    expect(await app.live()).not.toEqual(before);
    await restore(scenario, backup, 'edms', '--repository', repository);
    expect(await app.live()).toEqual(before);
    await expectNothingLeft(scenario, app.trees);
  }
}, 300_000);
