// The runs of a deployment with two repositories: a backup that starts its copies, the copies, and what looks into them.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { run, type Stage, save } from './recording.js';

/** Gives a deployment of a configuration file a second repository. */
export const addOffsite = async (config: string, deployment: string, folder: string): Promise<void> => {
  const configuration = parse(await readFile(config, 'utf8'));
  configuration.repositories.offsite = { local: join(folder, 'offsite') };
  configuration.deployments[deployment].repositories = ['local', 'offsite'];
  await writeFile(config, stringify(configuration), { mode: 0o600 });
};

export const recordCopies = async (stage: Stage): Promise<void> => {
  const { client, deployment, sandbox } = stage;
  await run(stage, 'backup', { type: 'files' }, 'backup-copied');
  await save(stage, client.workflow.getHandle(`holdfast.${deployment}.copy`), 'copy');
  await run(stage, 'verify', { decode: true }, 'verify');
  const all = { workflowId: 'holdfast.verify', taskQueue: 'holdfast.default', args: [{}] };
  await save(stage, await client.workflow.start('verify', all), 'verify-all');
  const offsite = join(sandbox.folder, 'offsite');
  await rm(offsite, { recursive: true });
  await writeFile(offsite, 'no folder');
  await run(stage, 'copy', {}, 'copy-incomplete');
  await run(stage, 'verify', { repair: true }, 'verify-problems');
};
