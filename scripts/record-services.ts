// The runs of a deployment with services, hooks and health checks. Each service is a file: it runs while the file is there.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { BackupResult } from '../src/domain/progress.js';
import { run, type Stage, save, start, until } from './recording.js';

const SERVICES = ['web', 'worker'];

/** Adds them to a deployment of a configuration file. */
export const addServices = async (config: string, deployment: string, folder: string): Promise<void> => {
  const configuration = parse(await readFile(config, 'utf8'));
  const script = (name: string) => [['sh', join(folder, `${name}.sh`)]];
  Object.assign(configuration.deployments[deployment], {
    services: SERVICES.map((name) => ({ command: fileService(join(folder, name)), duringBackup: 'stop' })),
    hooks: {
      beforeBackup: script('before-backup'),
      afterBackup: script('after-backup'),
      afterRestore: script('after-restore'),
    },
    health: { within: '1s', checks: [{ command: ['test', '-e', join(folder, 'healthy')] }] },
  });
  await writeFile(config, stringify(configuration), { mode: 0o600 });
  await everythingWell(folder);
};

const fileService = (file: string) => ({
  stop: ['rm', '-f', file],
  start: ['touch', file],
  status: ['test', '-e', file],
});

const everythingWell = async (folder: string): Promise<void> => {
  for (const name of ['before-backup', 'after-backup', 'after-restore']) await script(folder, name, 'true');
  for (const name of [...SERVICES, 'healthy']) await writeFile(join(folder, name), '');
};

const script = (folder: string, name: string, text: string): Promise<void> =>
  writeFile(join(folder, `${name}.sh`), `${text}\n`);

export const recordAroundServices = async (stage: Stage): Promise<void> => {
  const { folder } = stage.sandbox;
  const { backup } = (await run(stage, 'backup', {}, 'backup-quiet')) as BackupResult;
  await script(folder, 'after-backup', 'exit 3');
  await run(stage, 'backup', {}, 'backup-hook-failed');
  const input = { backup, confirm: `${stage.deployment}@${backup}` };
  await run(stage, 'restore', input, 'restore-services');
  await run(stage, 'restore', { ...input, leaveStopped: true }, 'restore-left-stopped');
  await everythingWell(folder);
  await recordRolledBack(stage, input);
  await recordDecisions(stage, input);
};

const recordRolledBack = async (stage: Stage, input: Record<string, unknown>): Promise<void> => {
  const { folder } = stage.sandbox;
  await script(folder, 'after-restore', 'exit 3');
  await run(stage, 'restore', input, 'restore-hook-failed');
  await script(folder, 'after-restore', 'exec sleep 600');
  const handle = await start(stage, 'restore', input);
  await until(handle, ({ steps }) => steps.some(({ name }) => name === 'afterRestore'));
  await handle.cancel();
  await save(stage, handle, 'restore-cancelled');
  await script(folder, 'after-restore', `rm ${join(folder, 'healthy')}`);
  await run(stage, 'restore', input, 'restore-unhealthy');
};

/** The application is ill by now. */
const recordDecisions = async (stage: Stage, input: Record<string, unknown>): Promise<void> => {
  const { folder } = stage.sandbox;
  await script(folder, 'after-restore', 'true');
  await rm(join(folder, 'healthy'), { force: true });
  for (const keep of [false, true]) {
    const handle = await start(stage, 'restore', input);
    await until(handle, ({ phase }) => phase === 'waiting for a decision');
    await handle.executeUpdate('decide', { args: [{ keep, by: 'an operator' }] });
    await save(stage, handle, keep ? 'restore-kept' : 'restore-not-kept');
  }
};
