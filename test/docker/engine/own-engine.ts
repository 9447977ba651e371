// An engine of one run's own: made in a folder that says whose it is, and taken down without a trace. One that a killed
// run left behind is taken down by the next.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { isRoot } from '../../support/mounts.js';
import { answers, dockerdPid, type Engine, engineIn, startDockerd, stopDockerd } from './dockerd.js';
import { installEngine } from './install-engine.js';

const PLACE = '/var/tmp';
const PREFIX = 'hf-docker-';

/** @throws with a sentence for the person, when this machine cannot have one */
export const bringUp = async (): Promise<Engine> => {
  if (process.platform !== 'linux' || !isRoot)
    throw new Error(
      'no Docker engine answers, and only root on Debian can bring up one for the tests: start Docker, or run them as root',
    );
  await installEngine();
  await takeDownForgotten();
  const engine = engineIn(await mkdtemp(join(PLACE, PREFIX)));
  await writeFile(join(engine.folder, 'owner'), await ownerLine(process.pid));
  try {
    await startDockerd(engine);
  } catch (error) {
    await takeDown(engine);
    throw error;
  }
  return engine;
};

/** Containers and networks first: their bridges and firewall rules belong to the machine, not to the folder. */
export const takeDown = async (engine: Engine): Promise<void> => {
  if (!(await answers(engine.host)) && (await hasRun(engine.folder)))
    await startDockerd(engine).catch(() => undefined);
  if ((await dockerdPid(engine.folder)) !== null) await removeContainers(engine.host);
  await stopDockerd(engine);
  await rm(engine.folder, { recursive: true, force: true, maxRetries: 5 });
};

const hasRun = async (folder: string): Promise<boolean> => (await readdir(folder)).includes('root');

const removeContainers = async (host: string): Promise<void> => {
  const env = { DOCKER_HOST: host };
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet'], { env });
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length > 0) await execa('docker', ['rm', '--force', '--volumes', ...ids], { env });
  await execa('docker', ['network', 'prune', '--force'], { env });
};

const takeDownForgotten = async (): Promise<void> => {
  for (const name of await readdir(PLACE)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(PLACE, name);
    const owner = await readFile(join(folder, 'owner'), 'utf8').catch(() => null);
    if (owner === null || owner === (await ownerLine(Number(owner.split(' ')[0])))) continue;
    await takeDown(engineIn(folder));
  }
};

/** Process number and start time, so that a number that was given again is nobody's. */
const ownerLine = async (pid: number): Promise<string> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone'}`;
};
